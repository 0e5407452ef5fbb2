import { LitElement } from 'lit';
import { Refused, Store, call, newId } from './api.js';
import card from './card.json';
import { strings } from './strings.js';

const RETRY = [2, 5, 10, 30, 60]; // seconds between attempts: polite to a server that is coming back

/** What is said, and how it gets to the server and back; `StadsbotChat` is the window around it. */
export class Conversation extends LitElement {
  static properties = {
    messages: { state: true },
    status: { state: true },
    problem: { state: true },
  };

  constructor() {
    super();
    this.messages = [];
    this.status = this.problem = '';
    this._store = new Store();
    this._queue = this._store.data.queue ?? [];
  }

  /** The texts, with the page's own put over them. */
  get t() {
    return { ...strings, ...this.strings };
  }

  _last(block, back = 1) {
    [...this.renderRoot.querySelectorAll('.message')].at(-back)?.scrollIntoView({ block });
  }

  _greet() {
    const { greeting, starters } = this._config ?? card;
    this.messages = [{ ...this._notice(greeting), buttons: starters }];
  }

  _notice(text) {
    return { role: 'bot', id: newId(), text, at: new Date().toISOString() };
  }

  /** A button under a message was pressed. */
  press(button) {
    this._say(button.title, { payload: button.payload });
  }

  _say(title, body) {
    const item = { id: newId(), title, ...body };
    this._queue = [...this._queue, item];
    this._add([this._mine(item)]);
    this._pump();
  }

  _mine({ id, title }) {
    return { role: 'user', id, text: title, at: new Date().toISOString(), waiting: true };
  }

  _add(more) {
    this.messages = [...this.messages, ...more];
    this.updateComplete.then(() => this._last(more[0]?.role === 'bot' ? 'start' : 'nearest', more.length));
  }

  /** Sends what waits, one after the other, until it has arrived; after a reload it then shows the whole conversation. */
  async _pump() {
    if (this._pumping) return;
    this._pumping = true;
    for (let failed = 0; ; ) {
      try {
        const item = this._queue[0];
        if (item) await this._deliver(item);
        else if (this._store.data.token && !this._replayed) await this._replay();
        else break;
        this.problem = '';
        failed = 0;
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        if (await this._recover(error, failed)) failed += 1;
      }
    }
    this._pumping = false;
    this.problem = this.status = '';
  }

  _session() {
    return call(this.server, 'session', { method: 'POST', body: {} });
  }

  async _deliver({ title, ...body }) {
    if (!this.problem) this.status = this.t.typing;
    if (!this._store.data.token) {
      this._replayed = true;
      const { token } = (await this._ticket) ?? (await this._session());
      this._ticket = undefined;
      this._store.set({ token });
    }
    this._store.set({ queue: this._queue });
    const { messages } = await call(this.server, 'message', { method: 'POST', body, token: this._store.data.token });
    this._done(body.id);
    this._add(messages.map((message) => ({ ...message, role: 'bot' })));
  }

  _done(id) {
    this._queue = this._queue.filter((item) => item.id !== id);
    this._store.set({ queue: this._queue });
    this.messages = this.messages.map((m) => (m.id === id ? { ...m, waiting: false } : m));
  }

  async _replay() {
    const { messages } = await call(this.server, 'history', { token: this._store.data.token });
    this._replayed = true;
    // What has just arrived may hold more than the history tells: a finished preparation is not kept.
    const here = new Map(this.messages.map((m) => [m.id, m]));
    this._greet();
    this._add(messages.map((m) => here.get(m.id) ?? m));
  }

  /** Decides what a refusal means. Returns true when the same thing is to be tried again after a pause. */
  async _recover({ status, message, wait }, failed) {
    if (status === 401) {
      // The conversation has expired or was erased: what the citizen wrote goes to a new one.
      this._store.clear();
      this._replayed = true;
      this._add([this._notice(this.t.expired)]);
      return false;
    }
    if (status && status < 500 && status !== 429) {
      const [item] = this._queue;
      if (item) this._done(item.id);
      if (item?.text && !this.draft) this.draft = item.text;
      this._add([this._notice(message)]);
      return false;
    }
    this.problem = status === 429 ? 'busy' : 'offline';
    this.status = status === 429 ? this.t.busy : this.t.offline;
    const pause = wait || RETRY[Math.min(failed, RETRY.length - 1)];
    await new Promise((go) => {
      this._wake = go;
      setTimeout(go, pause * 1000);
    });
    return true;
  }

  /** Thumb under a message. */
  async vote(message, value, word = '') {
    this.messages = this.messages.map((m) => (m.id === message.id ? { ...m, vote: value, voted: !!word } : m));
    const body = { message_id: message.id, value, word };
    await call(this.server, 'feedback', { method: 'POST', body, token: this._store.data.token }).catch(() => {});
  }
}
