import {
  ApplicationFailure,
  CancellationScope,
  condition,
  defineUpdate,
  patched,
  setHandler,
} from '@temporalio/workflow';
import type { ErrorCode } from '../domain/errors.js';
import { trainingPrefix } from '../domain/names.js';
import {
  type BaseModel,
  type CloseRetrainInput,
  DECIDE_UPDATE,
  type Decision,
  type JudgedModel,
  type OpenedRetrain,
  type Promotion,
  type RetrainOutcome,
  type RetrainProgress,
  type TrainModelOutput,
} from '../domain/retrain/retrain.js';
import type { RetrainRequest } from '../domain/retrain/retrain-request.js';
import {
  controlActivities,
  detectActivities,
  modelActivities,
  promotionActivities,
  trainActivities,
  wholeVideoActivities,
} from './activity-proxies.js';
import { registerModel } from './register-model.js';
import { trackRetrain } from './retrain-progress.js';
import { throwToUser } from './user-failure.js';

const decideUpdate = defineUpdate<RetrainProgress, [Decision]>(DECIDE_UPDATE);

type Progress = ReturnType<typeof trackRetrain>;

/**
 * Trains a model further on a data set, compares it with its base on the test part, publishes it as the
 * challenger if it passes the gate, and promotes it by rule or by the decision of a person. With fewer new
 * images than required, nothing is trained.
 */
export async function RetrainModel(request: RetrainRequest): Promise<RetrainProgress> {
  const progress = trackRetrain();
  let decision: Decision | undefined;
  setHandler(
    decideUpdate,
    ({ promote, by, reason }) => {
      decision = { promote, by, reason: reason ?? null };
      progress.set({ decision });
      return progress.get();
    },
    {
      validator: (decided) => expectDecision(progress.get(), decided),
      description: 'Decides whether the challenger is promoted: promote, by, reason.',
    },
  );
  try {
    const opened = await open(request, progress);
    if (isNotEnough(opened)) {
      progress.set({ stage: 'done', outcome: 'not-enough' });
      return progress.get();
    }
    const trained = await train(opened, progress);
    const judged = await compare(opened, trained, progress);
    const version = await publish(opened, trained, judged, progress);
    const byRule = ruleDecision(opened, judged);
    const { decision: decided, elsewhere } = byRule
      ? { decision: byRule, elsewhere: false }
      : await waitForDecision(
          opened,
          challengerOf(opened, trained, version),
          progress,
          () => decision,
        );
    progress.set({ stage: 'closing', decision: decided });
    const { retrain_id, base, dataset } = opened;
    const close: CloseRetrainInput = {
      ...{ retrain_id, base, dataset, trained, judged, version, decision: decided },
      ...(elsewhere && { elsewhere }),
    };
    await controlActivities.closeRetrain(close);
    const mlflow_version = await registerModel(close);
    progress.set({ stage: 'done', outcome: outcomeOf(close), mlflow_version });
    return progress.get();
  } catch (error) {
    return throwToUser(error);
  }
}

async function open(request: RetrainRequest, progress: Progress): Promise<OpenedRetrain> {
  const frozen = await wholeVideoActivities.freezeDataset({ request });
  const opened = await controlActivities.openRetrain({ request: { ...request, ...frozen } });
  const { retrain_id, base, dataset, new_images: count, min_new: required } = opened;
  const { name, version, sha256 } = dataset;
  const new_images = count === null ? null : { count, required };
  progress.set({ retrain_id, base, dataset: { name, version, sha256 }, new_images });
  return opened;
}

function isNotEnough({ new_images, min_new }: OpenedRetrain): boolean {
  return new_images !== null && new_images < min_new;
}

function outcomeOf({ decision, version, elsewhere }: CloseRetrainInput): RetrainOutcome {
  if (elsewhere) return 'promoted-elsewhere';
  return decision.promote && version !== null ? 'promoted' : 'not-promoted';
}

async function train(opened: OpenedRetrain, progress: Progress): Promise<TrainModelOutput> {
  progress.set({ stage: 'training' });
  const { retrain_id, task, dataset, base, trainer, params, limits } = opened;
  const { trainModel } = trainActivities(limits.seconds);
  const out = trainingPrefix(retrain_id);
  const trained = await trainModel({
    ...{ retrain_id, task, dataset, base, trainer, params, limits, out },
  });
  const { sha256, attempt, resumed_from, metrics } = trained;
  progress.set({ trained: { sha256, attempt, resumed_from, metrics } });
  return trained;
}

/** Evaluates both models on the same images, one after the other, so that their times compare. */
async function compare(
  { retrain_id, task, dataset, base, gate }: OpenedRetrain,
  { key, sha256, size_bytes, manifest, metrics }: TrainModelOutput,
  progress: Progress,
): Promise<JudgedModel> {
  progress.set({ stage: 'evaluating' });
  const { evaluateModel } = detectActivities('cpu', { mayChange: false, eventId: retrain_id });
  const champion = await evaluateModel({ retrain_id, task, dataset, model: base });
  const model = { key, sha256, size_bytes, manifest, metrics };
  const challenger = await evaluateModel({ retrain_id, task, dataset, model });
  const judged = await modelActivities.judgeModel({ task, champion, challenger, gate });
  progress.set(judged);
  return judged;
}

/** Publishes a challenger that may be promoted; returns its version, null for one that may not. */
async function publish(
  { retrain_id, dataset, by }: OpenedRetrain,
  trained: TrainModelOutput,
  { verdict }: JudgedModel,
  progress: Progress,
): Promise<number | null> {
  if (verdict.gate === 'fail') return null;
  progress.set({ stage: 'publishing' });
  const { version } = await modelActivities.publishChallenger({
    ...{ retrain_id, dataset, trained, by },
  });
  progress.set({ version });
  return version;
}

/** Returns the decision of the rule; undefined if a person must decide. */
function ruleDecision({ decide }: OpenedRetrain, { verdict }: JudgedModel): Decision | undefined {
  if (verdict.gate === 'fail')
    return { promote: false, by: 'rule', reason: verdict.reasons.join(' ') };
  const isClear = verdict.gate === 'pass' && decide === 'rule';
  return isClear ? { promote: true, by: 'rule', reason: null } : undefined;
}

/** A decision, and whether it was taken elsewhere. */
interface Decided {
  readonly decision: Decision;
  readonly elsewhere: boolean;
}

/**
 * Waits until a person decides, the challenger is promoted elsewhere, as by an experiment, or the time
 * is up.
 */
async function waitForDecision(
  { decide_within_s }: OpenedRetrain,
  challenger: BaseModel | undefined,
  progress: Progress,
  decided: () => Decision | undefined,
): Promise<Decided> {
  const until = new Date(Date.now() + decide_within_s * 1000).toISOString();
  progress.set({ stage: 'waiting', decide_until: until });
  const promotion =
    challenger && patched('promoted-elsewhere')
      ? watchPromotion(challenger, decide_within_s)
      : undefined;
  const isOver = () => decided() !== undefined || promotion?.found() !== undefined;
  await condition(isOver, decide_within_s * 1000);
  promotion?.stop();
  const elsewhere = promotion?.found();
  const decision = decided() ?? (elsewhere && { promote: true, ...elsewhere });
  if (!decision)
    return { decision: { promote: false, by: 'deadline', reason: null }, elsewhere: false };
  return { decision, elsewhere: decided() === undefined };
}

/** Watches until a version is the champion of its model. */
function watchPromotion(challenger: BaseModel, seconds: number) {
  const scope = new CancellationScope();
  let promotion: Promotion | undefined;
  const watch = async () => {
    promotion = await promotionActivities(seconds).awaitPromotion(challenger);
  };
  // It ends with an error if it is stopped, or when the time for a decision is up.
  void scope.run(watch).catch(() => undefined);
  return { found: () => promotion, stop: () => scope.cancel() };
}

/** The published challenger; undefined for one that is not published. */
function challengerOf(
  { base }: OpenedRetrain,
  { sha256 }: TrainModelOutput,
  version: number | null,
): BaseModel | undefined {
  return version === null ? undefined : { name: base.name, version, sha256 };
}

/** @throws ApplicationFailure for a decision that cannot be taken; it is not recorded. */
function expectDecision({ stage, decision }: RetrainProgress, decided: unknown): void {
  if (stage !== 'waiting' || decision !== null) {
    throw rejected('RETRAIN_NOT_WAITING', `There is nothing to decide: the stage is ${stage}.`);
  }
  const { promote, by, reason } = (decided ?? {}) as Partial<Record<keyof Decision, unknown>>;
  if (typeof promote !== 'boolean')
    throw rejected('INVALID_INPUT', 'Expected promote: true or false.');
  if (typeof by !== 'string' || by.trim() === '' || by.length > 256)
    throw rejected('INVALID_INPUT', 'Expected by: who decides, of at most 256 characters.');
  if (reason != null && (typeof reason !== 'string' || reason.length > 1500))
    throw rejected('INVALID_INPUT', 'Expected reason: a text of at most 1500 characters.');
}

function rejected(type: ErrorCode, message: string): ApplicationFailure {
  return ApplicationFailure.create({ type, message, nonRetryable: true });
}
