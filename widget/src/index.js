import { StadsbotChat } from './chat.js';

customElements.define('stadsbot-chat', StadsbotChat);

// <script src="…/stadsbot.js" data-server="…" data-title="…" …></script> puts the chat on the page by itself;
// without data-server the page writes <stadsbot-chat server="…"> where it wants.
const script = document.currentScript;
if (script?.dataset.server !== undefined) {
  const chat = document.createElement('stadsbot-chat');
  for (const [name, value] of Object.entries(script.dataset)) chat.setAttribute(name === 'title' ? 'heading' : name, value);
  const put = () => document.body.append(chat);
  document.body ? put() : addEventListener('DOMContentLoaded', put);
}
