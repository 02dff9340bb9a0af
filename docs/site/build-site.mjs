// `npm run docs`: guides, API reference and the built page as one static site in dist-docs/. Any warning is an error.
import { cpSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { posix } from 'node:path';
import { Application, Converter, OptionDefaults, PageEvent } from 'typedoc';

const OUT = 'dist-docs';
/** A link to the page as TypeDoc writes it into every file; `linkPage` makes it relative. */
const PAGE = 'wgrad:page';

/** The groups of documents in the sidebar, in order, and the files of each. */
const GROUPS = {
  Guides: [
    'docs/guides/train.md',
    'docs/guides/l2-and-dropout.md',
    'docs/guides/parts.md',
    'docs/guides/tune.md',
    'docs/guides/fleet.md',
    'docs/guides/populations.md',
    'docs/guides/own-loop.md',
    'docs/extend.md',
    'docs/guides/own-device.md',
    'docs/guides/node.md',
    'docs/guides/command-line.md',
    'docs/guides/check-the-gpu.md',
    'docs/guides/save-and-load.md',
    'docs/guides/onnx.md',
    'docs/guides/look-inside.md',
    'docs/guides/tune-kernels.md',
    'docs/guides/page.md',
  ],
  Reference: [
    'docs/reference/randomness.md',
    'docs/reference/file-formats.md',
    'docs/reference/faults.md',
    'docs/reference/third-party.md',
    'docs/limits.md',
  ],
  Evidence: ['docs/performance.md', 'docs/bench/results.md', 'docs/hardware.md', 'docs/verification.md'],
  Inside: ['docs/design.md', 'docs/fleet.md', 'docs/kernels.md', 'CONTRIBUTING.md', 'CHANGELOG.md'],
};

/** Types that public ones mention and nobody needs by name: the inside of layers, losses and optimizers, and helper types. */
const INTERNAL = [
  'ArithmeticProbe',
  'Cells',
  'DateFormat',
  'Dimensions',
  'Executor',
  'ExecutorOptions',
  'HyperParameter',
  'IdxData',
  'Key',
  'LeafOp',
  'Measure',
  'NumberFormat',
  'NumberStyle',
  'Options',
  'OwnReference',
  'Repetition',
  'SECTIONS',
  'StructuralOp',
];

const documents = Object.values(GROUPS).flat();
const forgotten = readdirSync('docs', { recursive: true })
  .map((name) => `docs/${name.replaceAll('\\', '/')}`)
  .filter((file) => file.endsWith('.md') && !documents.includes(file));
if (forgotten.length > 0) throw new Error(`build-site: no group has ${forgotten.join(', ')}`);
if (!existsSync('dist-demo/index.html')) throw new Error('build-site: run npm run build first');

rmSync(OUT, { recursive: true, force: true });
const app = await Application.bootstrap({
  name: 'wgrad',
  entryPoints: ['src/index.ts', 'src/ops.ts', 'src/tune.ts', 'src/verify.ts', 'src/node/index.ts'],
  tsconfig: 'tsconfig.build.json',
  readme: 'README.md',
  projectDocuments: documents,
  out: OUT,
  excludeInternal: true,
  excludePrivate: true,
  customCss: 'docs/site/site.css',
  highlightLanguages: [...OptionDefaults.highlightLanguages, 'python'],
  disableSources: true,
  disableGit: true,
  includeVersion: true,
  navigation: { includeGroups: true },
  navigationLinks: { 'Try it': PAGE },
  groupOrder: [...Object.keys(GROUPS), 'Modules', '*'],
  sort: ['source-order'],
  validation: { notExported: true, invalidLink: true, invalidPath: true, rewrittenLink: true, notDocumented: false },
  intentionallyNotExported: INTERNAL,
  treatWarningsAsErrors: true,
  treatValidationWarningsAsErrors: true,
});

/** Gives a document its heading as its name, and its group. */
app.converter.on(Converter.EVENT_CREATE_DOCUMENT, (_context, document) => {
  const file = `${document.name}.md`;
  const [, heading] = readFileSync(file, 'utf8').match(/^# (.+)$/m);
  document.name = heading;
  document.frontmatter.group = Object.keys(GROUPS).find((group) => GROUPS[group].includes(file));
});

/** Makes the link to the page relative to the file that it is in. */
app.renderer.on(PageEvent.END, (event) => {
  const up = posix.relative(posix.dirname(event.url), '.') || '.';
  event.contents = event.contents.replaceAll(`href="${PAGE}"`, `href="${up}/page/index.html"`);
});

const project = await app.convert();
if (project) {
  app.validate(project);
  await app.generateOutputs(project);
}
if (!project || app.logger.hasErrors() || app.logger.hasWarnings()) process.exit(1);
cpSync('dist-demo', `${OUT}/page`, { recursive: true });
console.log(`The site is in ${OUT}/index.html`);
