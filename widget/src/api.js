const KEY = 'stadsbot';
const PATIENCE = 20_000; // ms; a message sent again under the same id is not answered twice

/** What survives a reload of this tab: the token, what is not sent yet, whether the chat is open. Nothing before the first message. */
export class Store {
  constructor() {
    try {
      this.data = JSON.parse(sessionStorage.getItem(KEY)) ?? {};
    } catch {
      this.data = {};
    }
  }

  set(changes) {
    Object.assign(this.data, changes);
    try {
      if (this.data.token || this.data.queue?.length) sessionStorage.setItem(KEY, JSON.stringify(this.data));
    } catch {
      // Storage is forbidden or full: the conversation then lasts until the page is left.
    }
  }

  clear() {
    this.data = {};
    try {
      sessionStorage.removeItem(KEY);
    } catch {
      // as above
    }
  }
}

/** An answer of the server that is not a success; `status` 0: no answer at all. */
export class Refused extends Error {
  constructor(status, body = {}, wait = 0) {
    super(body.error ?? '');
    this.status = status;
    this.wait = wait;
  }
}

/** One request to the channel; returns its JSON. */
export async function call(server, path, { method = 'GET', body, token, keepalive } = {}) {
  let answer;
  let data;
  try {
    answer = await fetch(`${server}/webhooks/web/${path}`, {
      method,
      keepalive,
      body: body && JSON.stringify(body),
      headers: { ...(body && { 'Content-Type': 'application/json' }), ...(token && { Authorization: `Bearer ${token}` }) },
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      signal: AbortSignal.timeout(PATIENCE),
    });
    data = answer.status === 204 ? {} : await answer.json();
  } catch {
    throw new Refused(0);
  }
  if (!answer.ok) throw new Refused(answer.status, data, data.retry_after);
  return data;
}

export const newId = () => [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, '0')).join('');
