import { describe, expect, it } from 'vitest';
import { SCENES, simulateScene } from './scenes.js';

describe.each(SCENES)('the scene $name', (kind) => {
  const scene = simulateScene(kind, { seed: 5, seconds: 3, every: 1 });

  it('is the same for the same seed, and another one for another seed', () => {
    expect(simulateScene(kind, { seed: 5, seconds: 3, every: 1 })).toEqual(scene);
    expect(simulateScene(kind, { seed: 6, seconds: 3, every: 1 })).not.toEqual(scene);
  });

  it('is sampled without a change of its frames', () => {
    const sampled = simulateScene(kind, { seed: 5, seconds: 3, every: 5 });
    expect(sampled).toEqual(scene.filter(({ frame }) => frame % 5 === 0));
  });

  it('misses some objects, and reports some that do not exist', () => {
    const [truth, found] = [
      scene.reduce((sum, each) => sum + each.truth.length, 0),
      scene.reduce((sum, each) => sum + each.objects.length, 0),
    ];
    expect(truth).toBeGreaterThan(scene.length);
    expect(found).toBeGreaterThan(truth / 2);
    const ids = new Map(scene.flatMap((each) => each.truth).map((each) => [each.id, each.class]));
    for (const { truth: objects } of scene) {
      for (const { id, class: name } of objects) expect(name).toBe(ids.get(id));
    }
  });
});
