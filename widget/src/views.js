import { html, nothing } from 'lit';
import { link, markdown, safe } from './markdown.js';

const THUMB = 'M2 10h4v11H2zm6 11V9l5-8 1 1-1 7h8l1 2-3 9-1 1z';
const thumb = (down) =>
  html`<svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true"><path d=${THUMB} transform=${down ? 'rotate(180 12 12)' : ''} /></svg>`;

const time = (at) => html`<time datetime=${at}>${new Date(at).toLocaleTimeString('nl-BE', { hour: '2-digit', minute: '2-digit' })}</time>`;

/** One message with all that hangs on it. `chat` is the component. */
export function messageView(message, chat) {
  const t = chat.t;
  const { role, lang, text, cards, note, buttons, preparation, answer, at, waiting } = message;
  const bot = role === 'bot';
  return html`<div class="message ${role}">
    <span class="who">${bot ? t.bot : t.me}</span>
    <div class="text" lang=${lang && lang !== 'nl' ? lang : nothing}>
      ${bot ? markdown(text, t.newWindow) : html`<p class="mine">${text}</p>`}
    </div>
    ${cards?.map((card) => cardView(card, chat))} ${note ? html`<p>${note}</p>` : nothing}
    ${preparation ? preparationView(preparation, chat) : nothing}
    ${buttons?.length
      ? html`<div class="choices">
          ${buttons.map((button) => html`<button type="button" @click=${() => chat.press(button)}>${button.title}</button>`)}
        </div>`
      : nothing}
    <div class="foot">${time(at)}${waiting ? html` · ${t.waiting}` : nothing}${bot && answer ? voteView(message, chat) : nothing}</div>
  </div>`;
}

function voteView(message, chat) {
  const t = chat.t;
  const { vote, voted, id } = message;
  const button = (value, text) =>
    html`<button type="button" aria-label=${text} aria-pressed=${vote === value} @click=${() => chat.vote(message, value)}>
      ${thumb(value === 'down')}
    </button>`;
  const send = (event) => {
    event.preventDefault();
    chat.vote(message, vote, event.target.elements[0].value.trim() || '-');
    chat.focus();
  };
  return html`<span class="vote" role="group" aria-label=${t.helpful}>${button('up', t.up)}${button('down', t.down)}</span>
    ${voted
      ? html`<span>${t.thanked}</span>`
      : vote
        ? html`<form class="word" @submit=${send}>
            <label for="w${id}">${t.thanks}</label><input id="w${id}" maxlength="60" autocomplete="off" /><button>${t.send}</button>
          </form>`
        : nothing}`;
}

function cardView(card, chat) {
  const t = chat.t;
  const anonymous = card.anonymous === undefined ? undefined : card.anonymous ? t.anonymous : t.notAnonymous;
  const facts = [card.hours, card.cost, anonymous].filter(Boolean).join(' · ');
  const copied = [card.name, card.phone, card.email, card.form_url ?? card.url, card.address].filter(Boolean).join('\n');
  return html`<div class="card" role="group" aria-label=${card.name}>
    <strong>${card.name}</strong>
    <p>${card.reason ?? card.what}</p>
    ${facts ? html`<p>${facts}</p>` : nothing} ${card.address ? html`<p>${card.address}</p>` : nothing}
    <div class="choices">
      ${contacts(card, t)}
      <button type="button" aria-label="${t.copy}: ${card.name}" @click=${() => chat.copy(copied)}>${t.copy}</button>
    </div>
    ${card.have_ready
      ? html`<details>
          <summary>${t.ready}</summary>
          <ul>
            ${card.have_ready.map((item) => html`<li>${item}</li>`)}
          </ul>
        </details>`
      : nothing}
    ${card.checked
      ? html`<p class="small">${t.checked} ${new Date(card.checked).toLocaleDateString('nl-BE', { dateStyle: 'long' })}</p>`
      : nothing}
  </div>`;
}

const contacts = (card, t) => [
  card.tel ? html`<a href=${safe(card.tel)}>${t.call} ${card.phone}${card.phone_note ? ` (${card.phone_note})` : ''}</a>` : nothing,
  card.email ? html`<a href="mailto:${card.email}">${t.mail}</a>` : nothing,
  card.form_url || card.url
    ? link(card.form_url ?? card.url, card.form_url ? t.form : t.site, `${card.name} ${t.newWindow}`)
    : nothing,
];

function preparationView({ text, form_url }, chat) {
  const t = chat.t;
  return html`<div class="card" role="group" aria-label=${t.prepared}>
    <strong>${t.prepared}</strong>
    <p class="mine">${text}</p>
    <div class="choices">
      <button type="button" @click=${() => chat.copy(text)}>${t.copy}</button>
      <button type="button" @click=${() => chat.print(text)}>${t.print}</button>
      ${safe(form_url) ? link(form_url, t.form, t.newWindow) : nothing}
    </div>
  </div>`;
}

/** What helps when the assistant cannot be reached: built into this file. */
export function offlineView(config, t) {
  const list = (cards) =>
    html`<ul>
      ${cards.map((card) => html`<li><strong>${card.name}</strong> <span class="choices">${contacts(card, t)}</span></li>`)}
    </ul>`;
  return html`<div class="card" role="group" aria-label=${t.meanwhile}>
    <p><strong>${t.inNeed}</strong></p>
    ${list(config.emergency)}
    <p><strong>${t.meanwhile}</strong></p>
    ${list(config.contact)}
  </div>`;
}
