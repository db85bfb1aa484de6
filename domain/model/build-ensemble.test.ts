import { describe, expect, it } from 'vitest';
import { modelManifest } from '../../test/support/model-manifests.js';
import { sha256 } from '../hash.js';
import { buildEnsemble, type EnsembleRequest } from './build-ensemble.js';
import { expectManifest, type ModelManifest, modelManifestSchema } from './model-manifest.js';

const classifier = (name: string, labels: string[]) =>
  modelManifest({
    ...{ name, labels, task: 'classify' },
    output: { family: 'classifier', activation: 'softmax' },
  });
const detector = (name: string, labels: string[], more: Partial<ModelManifest> = {}) =>
  modelManifest({ name, labels, ...more });

const build = (models: readonly ModelManifest[], change: Partial<EnsembleRequest> = {}) =>
  buildEnsemble({
    name: 'street',
    members: models.map((model, i) => ({ model, weight: i + 1 })),
    boxes: { iou: 0.55, member_conf: 0.1 },
    classes: 'mean',
    ...change,
  });

const CITY = detector('city', ['car', 'person'], { licence: 'MIT' });
const ROAD = detector('road', ['person', 'truck'], { version: 3, licence: 'AGPL-3.0' });

describe('buildEnsemble', () => {
  it('pins detectors, and has the classes of all of them', () => {
    const ensemble = build([CITY, ROAD]);
    expect(ensemble).toMatchObject({
      ...{ name: 'street', task: 'detect', labels: ['car', 'person', 'truck'] },
      ...{ licence: 'MIT, AGPL-3.0', source: 'ensemble of city@1, road@3' },
      input: { width: 64, height: 64, resize: { mode: 'none' } },
      output: {
        members: [
          { name: 'city', version: 1, sha256: CITY.sha256, weight: 1 },
          { name: 'road', version: 3, sha256: ROAD.sha256, weight: 2 },
        ],
        fuse: { boxes: 'wbf', iou: 0.55, member_conf: 0.1 },
      },
    });
    expect(() => expectManifest(ensemble)).not.toThrow();
  });

  it('has the SHA-256 and the size of its definition in canonical JSON', () => {
    const hash = 'a'.repeat(64);
    const text =
      '{"fuse":{"boxes":"wbf","iou":0.55,"member_conf":0.1},"members":' +
      `[{"name":"city","sha256":"${hash}","version":1,"weight":1},` +
      `{"name":"road","sha256":"${hash}","version":3,"weight":2}],"task":"detect"}`;
    expect(build([CITY, ROAD])).toMatchObject({ sha256: sha256(text), size_bytes: text.length });
  });

  it('combines classifiers of the same classes in any order', () => {
    const members = [classifier('a', ['x', 'y']), classifier('b', ['y', 'x'])];
    const ensemble = build(members, { classes: 'log-mean' });
    expect(ensemble).toMatchObject({ task: 'classify', labels: ['x', 'y'] });
    expect(ensemble.output).toMatchObject({ fuse: { classes: 'log-mean' } });
  });

  const nested = { ...build([CITY, ROAD]), version: 1 };
  const masks = { tensor: 'output1', coefficients: 32 };
  it.each<[string, readonly ModelManifest[], string]>([
    ['one member', [CITY], 'expected 2 to 8 different members, received city@1'],
    ['a member twice', [CITY, CITY], 'different members'],
    ['an ensemble', [CITY, nested], 'street@1 is an ensemble'],
    ['different tasks', [CITY, classifier('a', ['car'])], 'a@1 (classify)'],
    [
      'a segmenter',
      [
        detector('a', ['x'], {
          task: 'segment',
          output: { family: 'yolov8', orientation: 'columns', coordinates: 'pixels', masks },
        }),
        CITY,
      ],
      'a@1 (segment)',
    ],
    ['other classes', [classifier('a', ['x']), classifier('b', ['y'])], 'class "y"'],
    ['more classes', [classifier('a', ['x']), classifier('b', ['x', 'y'])], 'class "y"'],
    ['equal classes', [classifier('a', ['x']), classifier('b', ['x', 'x'])], 'b@1 has two'],
  ])('rejects %s', (_, models, message) => {
    expect(() => build(models)).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
    expect(() => build(models)).toThrow(message);
  });
});

describe('modelManifestSchema', () => {
  it('accepts frames that are not resized for ensembles only', () => {
    const ensemble = { ...build([CITY, ROAD]), version: 1 };
    expect(modelManifestSchema.parse(ensemble)).toEqual(ensemble);
    const { input: whole } = ensemble;
    expect(modelManifestSchema.safeParse({ ...CITY, input: whole }).success).toBe(false);
    expect(modelManifestSchema.safeParse({ ...ensemble, input: CITY.input }).success).toBe(false);
  });
});
