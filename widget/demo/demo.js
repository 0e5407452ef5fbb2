// Puts the chosen options on the chat and shows the line that a page needs.
document.querySelector('#no-script').remove();
const form = document.querySelector('#options');
const embed = document.querySelector('script[data-server]');
const src = embed.src;
const server = embed.dataset.server;

function options() {
  const data = new FormData(form);
  const launch = data.get('launch').trim();
  return {
    heading: data.get('heading').trim(),
    colour: data.get('colour'),
    strings: launch && JSON.stringify({ launch }),
    open: data.get('open') ? '' : undefined,
  };
}

function line(chosen) {
  const shown = Object.entries(chosen)
    .filter(([, value]) => value !== undefined && (value || value === ''))
    .filter(([name, value]) => value || name === 'open')
    .map(([name, value]) => ` data-${name === 'heading' ? 'title' : name}${value ? `='${value}'` : ''}`);
  return `<script src="${src}" data-server="${server}"${shown.join('')} defer></script>`;
}

const snippet = document.querySelector('#snippet');
snippet.textContent = line(options());
form.addEventListener('submit', (event) => {
  event.preventDefault();
  const chosen = options();
  const chat = document.querySelector('stadsbot-chat');
  for (const [name, value] of Object.entries(chosen)) {
    if (value || (name === 'open' && value === '')) chat.setAttribute(name, value);
    else chat.removeAttribute(name);
  }
  snippet.textContent = line(chosen);
});
