import prettyBytes from 'pretty-bytes';
import type { EnsembleOutput } from '../../domain/model/ensemble.js';
import type { KnownModel } from '../../models/catalogue.js';
import type { Conclusion } from '../../models/recognise/index.js';
import { aliasesOf, type ModelAlias } from '../../domain/model/model-alias.js';
import { formatCount, formatTable } from '../format.js';
import type { SelfTest } from '../../models/add/self-test.js';

type Manifest = KnownModel & { readonly version?: number };

/** Formats conclusions with their reasons. */
export function formatConclusions(concluded: readonly Conclusion[]): string {
  return formatTable(
    concluded.map(({ what, value, because }) => [`  ${what}`, value, `because ${because}`]),
  );
}

/** Maximum number of objects that are listed. */
const SHOWN_OBJECTS = 10;

/** Formats a self-test: timings and objects, with mask areas, or classes. */
export function formatTest({ image, load_ms, run_ms, objects, classes }: SelfTest): string {
  const times = `in ${run_ms} ms (loaded in ${load_ms} ms)`;
  if (classes) {
    const rows = classes.map(({ class: name, conf }) => [`  ${name}`, `${conf}`]);
    return `${image}: ${classes[0]?.class} ${times}\n${formatTable(rows)}`;
  }
  const found = objects.slice(0, SHOWN_OBJECTS).map(({ class: name, box, conf, area }) => {
    const mask = area === undefined ? '' : `, mask of ${area} pixels`;
    return `  ${name} ${conf.toFixed(2)} at ${box.join(', ')}${mask}`;
  });
  const count = formatCount(objects.length, 'object');
  const more = objects.length - found.length;
  const rest = more > 0 ? [`  and ${more} more`] : [];
  return [`${image}: ${count} ${times}`, ...found, ...rest].join('\n');
}

/** A manifest for JSON lists: with the number of classes instead of labels. */
export function summaryOf<T extends Manifest>({ labels, ...manifest }: T) {
  return { ...manifest, classes: labels.length };
}

/** Formats models as a table, which has a column of aliases if there are any. */
export function formatModels(
  manifests: readonly Manifest[],
  aliases: readonly ModelAlias[] = [],
): string {
  if (manifests.length === 0) return 'No models. Get one with: vidette models pull';
  const rows = manifests.map((manifest) => [
    nameOf(manifest),
    manifest.task,
    manifest.output.family,
    `${manifest.input.width}x${manifest.input.height}`,
    String(manifest.labels.length),
    prettyBytes(bytesOf(manifest)),
    manifest.licence,
    manifest.sha256.slice(0, 12),
    ...(aliases.length > 0 ? [aliasText(manifest, aliases)] : []),
  ]);
  const title = ['MODEL', 'TASK', 'FAMILY', 'INPUT', 'CLASSES', 'SIZE', 'LICENCE', 'SHA-256'];
  return formatTable([aliases.length > 0 ? [...title, 'ALIASES'] : title, ...rows]);
}

function aliasText({ name, version, sha256 }: Manifest, aliases: readonly ModelAlias[]): string {
  if (version === undefined) return '';
  return aliasesOf({ name, version, sha256 }, aliases).join(', ');
}

/** Formats all fields of a manifest, one per line. */
export function formatModel(manifest: Manifest): string {
  const { input, output, labels, files = [] } = manifest;
  const { width, height, channels, layout, dtype, scale, mean, std, resize, ...tensors } = input;
  const { family, ...reading } = output;
  const inference = [
    ['family', `${family} ${JSON.stringify(reading)}`],
    ['input', `${width}x${height}, ${channels}, ${layout}, ${dtype} ${JSON.stringify(tensors)}`],
    ['pixels', `(value * ${scale} - [${mean.join(', ')}]) / [${std.join(', ')}]`],
    ['resize', Object.values(resize).join(', ')],
  ];
  const rows = [
    ['model', nameOf(manifest)],
    ['task', manifest.task],
    ...(output.family === 'ensemble' ? ensembleRows(output) : inference),
    ['labels', `${labels.length}: ${labels.join(', ')}`],
    ['size', prettyBytes(bytesOf(manifest))],
    ['SHA-256', manifest.sha256],
    ...files.map(({ name, size_bytes, sha256 }) => [
      'data file',
      `${name}, ${prettyBytes(size_bytes)}, SHA-256 ${sha256}`,
    ]),
    ['licence', manifest.licence],
    ['source', manifest.source],
  ];
  return formatTable(rows);
}

function ensembleRows({ family, members, fuse }: EnsembleOutput): string[][] {
  const names = members.map((member) => `${nameOf(member)} (weight ${member.weight})`);
  const fusion =
    'boxes' in fuse
      ? `weighted boxes fusion, IoU ${fuse.iou}, boxes of members from ${fuse.member_conf}`
      : `${fuse.classes} of confidences`;
  return [
    ['family', family],
    ['members', names.join(', ')],
    ['fusion', fusion],
  ];
}

/** Explains the confidences of an ensemble of detectors; undefined for other models. */
export function halvedConfidences({ output }: Pick<Manifest, 'output'>): string | undefined {
  if (output.family !== 'ensemble' || !('boxes' in output.fuse)) return undefined;
  return (
    'A box that only some members find keeps the share of its confidence that their weights have: ' +
    'with one of two equal members it is half. Choose a lower --conf than for one model.'
  );
}

/** Size of the ONNX file and its data files in bytes. */
function bytesOf({ size_bytes, files = [] }: Manifest): number {
  return files.reduce((sum, file) => sum + file.size_bytes, size_bytes);
}

function nameOf({ name, version }: Pick<Manifest, 'name' | 'version'>): string {
  return version === undefined ? `${name} (not published yet)` : `${name}@${version}`;
}
