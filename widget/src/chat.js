import { html, nothing } from 'lit';
import { call } from './api.js';
import card from './card.json';
import { Conversation } from './conversation.js';
import { messageView, offlineView } from './views.js';
import layout from './layout.css';
import css from './style.css';

const TWICE = 600; // ms between the two Escs of the quick exit
const sheet = new CSSStyleSheet();
sheet.replaceSync(css + layout);

/**
 * The chat. Attributes: `server` (address of the assistant), `heading`, `colour` (#rrggbb), `strings` (JSON, see strings.js),
 * `privacy` (link), `open` (present: open at start), `exit` (where the quick exit goes).
 */
export class StadsbotChat extends Conversation {
  static styles = sheet;

  static properties = {
    server: {},
    heading: {},
    colour: {},
    strings: { type: Object },
    privacy: {},
    open: { type: Boolean, reflect: true },
    exit: {},
    menu: { state: true },
    draft: { state: true },
  };

  constructor() {
    super();
    this.server = '';
    this.exit = 'https://www.google.be';
    this.draft = this.menu = '';
    this._small = matchMedia('(max-width: 30em), (max-height: 30em)');
    this._lastEsc = -TWICE;
    this._onKey = (event) => event.key === 'Escape' && this._escape(event);
    this._onOnline = () => this._wake?.();
    this._onResize = () => this._fit();
    this._onSmall = () => this.open && this._show();
  }

  connectedCallback() {
    super.connectedCallback();
    if (this._store.data.open) this.open = true;
    addEventListener('keydown', this._onKey, true);
    addEventListener('online', this._onOnline);
    this._small.addEventListener('change', this._onSmall);
    for (const name of ['resize', 'scroll']) visualViewport?.addEventListener(name, this._onResize);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    removeEventListener('keydown', this._onKey, true);
    removeEventListener('online', this._onOnline);
    this._small.removeEventListener('change', this._onSmall);
    for (const name of ['resize', 'scroll']) visualViewport?.removeEventListener(name, this._onResize);
  }

  _$(selector) {
    return this.renderRoot.querySelector(selector);
  }

  willUpdate(changed) {
    if (changed.has('colour') && /^#[0-9a-f]{6}$/i.test(this.colour ?? '')) {
      const light = [1, 3, 5]
        .map((at) => parseInt(this.colour.slice(at, at + 2), 16) / 255)
        .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
        .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
      this.style.setProperty('--accent', this.colour);
      // The better of black and white always reaches 4.5 to 1.
      this.style.setProperty('--on', light > 0.179 ? '#000' : '#fff');
    }
  }

  updated(changed) {
    if (changed.has('open') && (this.open || changed.get('open'))) this.open ? this._show() : this._hide();
    // The card with the emergency numbers comes into sight under what was not sent.
    if (changed.has('problem') && this.problem === 'offline') this._last('start');
  }

  render() {
    const t = this.t;
    const config = this._config ?? card;
    const over = this.draft.length - config.max_length;
    const button = (text, act) => html`<button type="button" @click=${act}>${text}</button>`;
    return html`
      <button class="launch" type="button" aria-haspopup="dialog" aria-expanded=${!!this.open} @click=${() => (this.open = true)}>
        ${t.launch}
      </button>
      <dialog lang="nl" aria-labelledby="title" @cancel=${this._cancel}>
        <div class="head">
          <h2 id="title">${this.heading || config.title}</h2>
          <button class="exit" type="button" aria-describedby="exit-help" @click=${this.quickExit}>${t.exit}</button>
          <span id="exit-help" hidden>${t.exitHelp}</span>
          <button type="button" aria-expanded=${!!this.menu} aria-controls="menu" @click=${() => (this.menu = this.menu ? '' : 'open')}>
            ${t.menu}
          </button>
          <button class="x" type="button" aria-label=${t.close} @click=${this.close}><span aria-hidden="true">✕</span></button>
        </div>
        <div id="menu" class="menu" ?hidden=${!this.menu}>
          ${this.menu === 'sure'
            ? html`<p id="sure">${t.eraseSure}</p>
                ${button(t.yes, this.erase)} ${button(t.no, () => (this.menu = 'open'))}`
            : html`${button(t.restart, this.restart)} ${button(t.download, this._download)}
                ${button(t.erase, () => (this.menu = 'sure'))}
                ${this.privacy ? html`<a href=${this.privacy} target="_blank" rel="noopener">${t.privacy}</a>` : nothing}`}
        </div>
        <div id="log" role="log" aria-label=${t.log} tabindex="0">
          ${this.messages.map((message) => messageView(message, this))}
          ${this.problem === 'offline' ? offlineView(config, t) : nothing}
        </div>
        <div class="status">
          <span role="status">${this.status}</span>
          ${this.problem ? button(t.retry, () => this._wake?.()) : nothing}
        </div>
        <form @submit=${this._submit}>
          <label for="field">${t.field}</label>
          <textarea
            id="field"
            rows="1"
            autocomplete="off"
            enterkeyhint="send"
            aria-describedby="hint"
            aria-invalid=${over > 0}
            .value=${this.draft}
            @input=${this._type}
            @keydown=${this._enter}
          ></textarea>
          <button class="send">${t.send}</button>
          <span id="hint" class=${over > 0 ? 'bad' : ''}>${over > 0 ? t.tooLong.replace('{n}', over) : t.hint}</span>
        </form>
      </dialog>
    `;
  }

  // Opening and closing

  async _show() {
    const dialog = this._$('dialog');
    dialog.open && dialog.close();
    // On a small screen the chat covers the page, so the page must not take the focus behind it.
    this._small.matches ? dialog.showModal() : dialog.show();
    this.open = true;
    this._fit();
    this._$('textarea').focus();
    this._store.set({ open: true });
    if (this._started) return;
    this._started = true;
    // Asked for while the citizen reads and types, so that the first answer is not later for it; kept only with a message.
    if (!this._store.data.token) this._ticket = this._session().catch(() => {});
    try {
      this._config = await Promise.race([call(this.server, 'config'), new Promise((_, no) => setTimeout(no, 1500))]);
    } catch {
      // Then the card that was built in says the same.
    }
    this._greet();
    this._add(this._queue.map((item) => this._mine(item)));
    this._pump();
  }

  _hide() {
    this.menu = '';
    this._store.set({ open: false });
    this._$('dialog').close();
    this._$('.launch').focus();
  }

  close = () => {
    this.open = false;
  };

  _cancel(event) {
    event.preventDefault(); // the back gesture of a phone
    this.open = false;
  }

  _escape(event) {
    const now = performance.now();
    if (!this.open && now - this._lastEsc > TWICE) return;
    event.preventDefault();
    if (now - this._lastEsc <= TWICE) return this.quickExit();
    this._lastEsc = now;
    if (event.composedPath().includes(this)) this.menu ? this._closeMenu() : this.close();
  }

  _closeMenu() {
    this.menu = '';
    this._$('[aria-controls]').focus();
  }

  /** Keeps the field above a touch keyboard: the visible part of the page is what the keyboard leaves. */
  _fit() {
    if (!this.open) return;
    this.style.setProperty('--height', `${visualViewport?.height ?? innerHeight}px`);
    this.style.setProperty('--top', `${visualViewport?.offsetTop ?? 0}px`);
  }

  /** Leaves at once: nothing of the chat stays on the screen, in this tab or under the Back button. */
  quickExit = () => {
    const { token } = this._store.data;
    document.documentElement.style.display = 'none';
    this._store.clear();
    this._queue = this.messages = [];
    this.draft = '';
    if (token) call(this.server, 'session', { method: 'DELETE', token, keepalive: true }).catch(() => {});
    location.replace(this.exit);
  };

  // The field

  _type(event) {
    this.draft = event.target.value;
  }

  _enter(event) {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) this._submit(event);
  }

  _submit(event) {
    event.preventDefault();
    const text = this.draft.trim();
    if (!text || text.length > (this._config ?? card).max_length) return;
    this.draft = '';
    this._say(text, { text });
  }

  // The menu

  _fresh(status) {
    this._store.clear();
    this._queue = [];
    this.problem = this.menu = this.draft = '';
    this._wake?.();
    this._greet();
    this.status = status;
    this._$('textarea').focus();
  }

  restart = () => this._fresh(this.t.restarted);

  /** Erases the conversation on the server; says so only when it is true. */
  erase = async () => {
    const { token } = this._store.data;
    try {
      if (token) await call(this.server, 'session', { method: 'DELETE', token });
    } catch (error) {
      if (error.status !== 401) {
        this.status = this.t.eraseFailed;
        return;
      }
    }
    this._fresh(this.t.erased);
  };

  _download = () => {
    const lines = this.messages.map((m) => {
      const more = (m.cards ?? []).map((c) => `- ${c.name}: ${[c.phone, c.form_url ?? c.url].filter(Boolean).join(', ')}`);
      const who = m.role === 'bot' ? this.t.bot : this.t.me;
      return [`${new Date(m.at).toLocaleString('nl-BE')} – ${who}`, m.text, m.preparation?.text, ...more].filter(Boolean).join('\n');
    });
    const file = document.createElement('a');
    file.href = URL.createObjectURL(new Blob([lines.join('\n\n')], { type: 'text/plain;charset=utf-8' }));
    file.download = 'gesprek.txt';
    file.click();
    URL.revokeObjectURL(file.href);
  };

  /** Copies, also where the clipboard needs the older way (pages without https). */
  async copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      this.status = this.t.copied;
    } catch {
      this.status = this.t.copyFailed;
    }
  }

  /** Prints this text alone, whatever the page looks like. */
  print(text) {
    const paper = document.createElement('pre');
    paper.className = 'stadsbot-print';
    paper.textContent = text;
    const rules = new CSSStyleSheet();
    rules.replaceSync(
      '.stadsbot-print{display:none;white-space:pre-wrap;font:12pt serif}@media print{body>*{display:none!important}body>.stadsbot-print{display:block!important}}',
    );
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, rules];
    document.body.append(paper);
    print();
    paper.remove();
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== rules);
  }
}
