import { type Sprite, SPRITE_METADATA } from '../../domain/video/sprite.js';
import type { VidetteClientDeps } from '../deps.js';
import { videoOf } from './playable-source.js';
import { type AwaitRenderOptions, awaitRender, renderOfJob, type RenderState } from './renders.js';

/** A sprite with the place of its sheet, or the progress of its render. */
export type SpriteState =
  | (Extract<RenderState, { readonly state: 'ready' }> & { readonly sprite: Sprite })
  | Extract<RenderState, { readonly state: 'making' }>;

/**
 * Returns small images of the video of a job; the first request starts their render.
 * @throws AppError `JOB_NOT_FOUND` if the video has not been probed (yet), or the error of the render.
 */
export async function spriteOfJob(
  deps: Pick<VidetteClientDeps, 'temporal' | 'objects'>,
  eventId: string,
  options?: AwaitRenderOptions,
): Promise<SpriteState> {
  const { etag } = await videoOf(deps, eventId);
  const render = { ...renderOfJob(eventId, 'sprite', etag), contentType: 'image/jpeg' } as const;
  const state = await awaitRender(deps, render, options);
  if (state.state === 'making') return state;
  const text = state.found.metadata[SPRITE_METADATA] ?? '{}';
  return { ...state, sprite: JSON.parse(text) as Sprite }; // `renderVideo` has written it
}
