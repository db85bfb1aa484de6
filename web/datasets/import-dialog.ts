import type { ImportReport } from '../../api/types.js';
import { importAnnotations } from '../api/datasets.js';
import { element } from '../dom.js';
import { pluralize } from '../format.js';
import { field } from '../parts/fields.js';
import { showFormDialog } from '../parts/form-dialog.js';

const HINT =
  'A zip in COCO, YOLO or with a folder for each class. Images are found by the SHA-256 in their ' +
  'names, as in exports; others are skipped. Build the next version to get the annotations.';

/** Asks for a zip and imports its annotations; resolves with the report, undefined if cancelled. */
export async function showImportDialog(name: string): Promise<ImportReport | undefined> {
  const file = element('input', {
    ...{ type: 'file', class: 'form-control', accept: '.zip,application/zip', required: true },
  });
  let report: ImportReport | undefined;
  await showFormDialog({
    title: `Import annotations into ${name}`,
    content: [element('p', { class: 'text-body-secondary' }, HINT), field('Zip', file)],
    submit: element('button', { class: 'btn btn-primary' }, 'Import'),
    send: async () => {
      report = await importAnnotations(name, file.files![0]!); // the field is required
    },
  });
  return report;
}

/** Outcome of an import, with the images that were skipped. */
export function importReport({
  imported,
  unchanged,
  skipped,
  skipped_images,
}: ImportReport): HTMLElement {
  const counts = `${pluralize(imported, 'image')} imported, ${unchanged} unchanged, ${skipped} skipped.`;
  const lines = skipped_images.map(({ image, reason }) => element('li', {}, `${image}: ${reason}`));
  const more = skipped - skipped_images.length;
  if (more > 0) lines.push(element('li', {}, `${more} more`));
  return element(
    'div',
    { class: `alert ${skipped > 0 ? 'alert-warning' : 'alert-success'}`, role: 'status' },
    element('strong', {}, counts),
    imported > 0 && ' Build the next version to get them.',
    lines.length > 0 &&
      element(
        'details',
        {},
        element('summary', {}, 'Skipped images'),
        element('ul', { class: 'text-break' }, ...lines),
      ),
  );
}
