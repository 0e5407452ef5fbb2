// Builds dist/stadsbot.js: one file, nothing fetched at run time. `npm run build`.
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { build, transform } from 'esbuild';

const LIMIT = 25_000; // bytes, gzip: the promise of the README

/** Hash of all that the built file is made of; tests/browser compares it, so that nobody commits an old build. */
export function sourceHash() {
  const hash = createHash('sha256');
  for (const name of ['build.mjs', 'package-lock.json', ...readdirSync('src').sort().map((n) => `src/${n}`)]) {
    hash.update(name).update(readFileSync(name));
  }
  return hash.digest('hex').slice(0, 16);
}

// What answers never hold (data/answers: bold, lists, links). Left out, it is shown as it was written, HTML above all.
const UNUSED = ['blockquote', 'code', 'codespan', 'def', 'del', 'fences', 'heading', 'hr', 'html', 'lheading', 'reflink', 'table', 'tag'];

/** marked's lexer without what is never switched on or used here: a quarter of its weight. */
function trimmed(name, source) {
  let text = source
    .replaceAll('this.options.pedantic', 'false')
    .replaceAll('this.options.gfm', 'true')
    .replaceAll('this.options.breaks', 'false')
    .replaceAll('this.options.extensions', 'null')
    .replace(/^const \w*Pedantic\w*[^;]*?=[\s\S]*?;\n(?=\n|\/)/gm, '')
    .replace(/^ {2}pedantic: \w+,\n/gm, '');
  if (name !== 'Tokenizer.ts') return text;
  for (const method of UNUSED) {
    const found = new RegExp(`^ {2}${method}\\([\\s\\S]*?^ {2}}\\n`, 'm');
    if (!found.test(text)) throw new Error(`marked's tokenizer has no ${method} any more; look at its source`);
    text = text.replace(found, `  ${method}(..._: any[]): any {}\n`);
  }
  return text;
}

/** marked's published bundle keeps its parser and renderer alive; its source map holds the sources, and we need the lexer only. */
const markedLexer = {
  name: 'marked-lexer',
  setup({ onResolve, onLoad }) {
    const map = JSON.parse(readFileSync('node_modules/marked/lib/marked.esm.js.map', 'utf8'));
    const sources = new Map(map.sources.map((name, i) => [name.split('/').pop(), map.sourcesContent[i]]));
    onResolve({ filter: /^marked$/ }, () => ({ path: 'Lexer.ts', namespace: 'marked' }));
    onResolve({ filter: /^\.\// , namespace: 'marked' }, ({ path }) => ({ path: path.slice(2), namespace: 'marked' }));
    onLoad({ filter: /.*/, namespace: 'marked' }, ({ path }) => {
      if (!sources.has(path)) throw new Error(`marked no longer has ${path}; look at its lib folder`);
      return { contents: trimmed(path, sources.get(path)), loader: 'ts' };
    });
  },
};

/** Indentation inside templates is white space that esbuild must keep; ours means nothing. */
const flatTemplates = {
  name: 'flat-templates',
  setup({ onLoad }) {
    onLoad({ filter: /src.(chat|conversation|views)\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replace(/\n\s+/g, '\n').replace(/>\n</g, '><'),
      loader: 'js',
    }));
  },
};

const minifiedCss = {
  name: 'minified-css',
  setup({ onLoad }) {
    onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(readFileSync(path, 'utf8'), { loader: 'css', minify: true });
      return { contents: code.trim(), loader: 'text' };
    });
  },
};

await build({
  entryPoints: ['src/index.js'],
  outfile: 'dist/stadsbot.js',
  bundle: true,
  minify: true,
  format: 'iife',
  target: 'es2022',
  charset: 'utf8',
  mangleProps: /^_[a-z]/,
  reserveProps: /^_\$/,
  legalComments: 'none',
  plugins: [markedLexer, flatTemplates, minifiedCss],
  banner: { js: `/* stadsbot ${sourceHash()} EUPL-1.2; Lit (BSD-3-Clause), marked (MIT): LICENSES.txt */` },
});

const licences = ['lit', 'marked'].map((name) => `== ${name} ==\n\n${readFileSync(`node_modules/${name}/LICENSE`, 'utf8').trim()}\n`);
writeFileSync('dist/LICENSES.txt', licences.join('\n'));
const size = gzipSync(readFileSync('dist/stadsbot.js'), { level: 9 }).length;
console.log(`dist/stadsbot.js: ${size} bytes gzip (limit ${LIMIT})`);
if (size > LIMIT) process.exitCode = 1;
