import { html, nothing } from 'lit';
import { _Lexer as Lexer } from 'marked';

const SAFE = /^(https?:|tel:|mailto:)/i;

/** Only what leads to a web page, a phone call or a mail is a link. */
export const safe = (href) => (SAFE.test(href ?? '') ? href : undefined);

export const link = (href, text, note) =>
  safe(href)
    ? /^http/i.test(href)
      ? html`<a href=${href} target="_blank" rel="noopener noreferrer">${text}<span class="vh"> ${note}</span></a>`
      : html`<a href=${href}>${text}</a>`
    : text;

/** Light Markdown as templates: tokens of marked's lexer, never HTML. What we do not know is shown as it was written. */
export function markdown(text, note) {
  const all = (tokens) => tokens.map(one);
  const one = (token) => {
    const inner = () => (token.tokens ? all(token.tokens) : token.text);
    switch (token.type) {
      case 'space':
        return nothing;
      case 'paragraph':
      case 'heading':
        return html`<p>${inner()}</p>`;
      case 'text':
      case 'escape':
        return inner();
      case 'strong':
        return html`<strong>${inner()}</strong>`;
      case 'em':
        return html`<em>${inner()}</em>`;
      case 'br':
        return html`<br>`;
      case 'link':
        return link(token.href, inner(), note);
      case 'list': {
        const items = token.items.map((item) => html`<li>${all(item.tokens)}</li>`);
        return token.ordered ? html`<ol start=${token.start || 1}>${items}</ol>` : html`<ul>${items}</ul>`;
      }
      default:
        return token.raw;
    }
  };
  try {
    return all(new Lexer().lex(text));
  } catch {
    return html`<p class="mine">${text}</p>`; // better plain than nothing
  }
}
