/** State of a lane that the policy reads; times in milliseconds of one clock. */
export interface LaneView {
  /** Key of its model. */
  readonly modelKey: string;
  /** A `draining` lane gets no new job and ends after its last one. */
  readonly state: 'loading' | 'serving' | 'draining';
  /** Number of jobs that it holds. */
  readonly jobCount: number;
  /** Time at which its model was loaded. */
  readonly servingSince: number;
  /** Time at which it last finished a job, or loaded its model. */
  readonly lastBusy: number;
}

export interface PoolView<Lane extends LaneView> {
  readonly lanes: readonly Lane[];
  /** Number of serving lanes; while a lane is replaced there is one more process. */
  readonly capacity: number;
  /** Models of the jobs for which no lane has room, oldest job first. */
  readonly waiting: readonly string[];
  /** Models that must not be loaded yet. */
  readonly coolingDown: ReadonlySet<string>;
  /** Model for a free slot when no job waits. */
  readonly lastModel: string | undefined;
  readonly now: number;
  /** Time that a model keeps its only lane while jobs of another model wait. */
  readonly turnMs: number;
  /** Idle time after which another model may replace a lane. */
  readonly idleMs: number;
}

export type Step<Lane> =
  { readonly kind: 'start'; readonly modelKey: string } | { readonly kind: 'drain'; lane: Lane };

/** Returns the next step of a pool; undefined if its lanes need no change. */
export function nextStep<Lane extends LaneView>(view: PoolView<Lane>): Step<Lane> | undefined {
  const { lanes, capacity } = view;
  const serving = lanes.filter(({ state }) => state === 'serving');
  if (serving.length > capacity) return { kind: 'drain', lane: chooseDrained(view, serving) };
  const modelKey = lanes.length < capacity ? modelForFreeSlot(view) : modelToSwapIn(view, serving);
  return modelKey === undefined ? undefined : { kind: 'start', modelKey };
}

/** Picks a waiting model without a lane, else that of the oldest job, else the last model. */
function modelForFreeSlot<Lane extends LaneView>(view: PoolView<Lane>): string | undefined {
  const { lastModel, coolingDown } = view;
  const waiting = loadableModels(view);
  const withoutLane = waiting.find((modelKey) => countActive(view, modelKey) === 0);
  return (
    withoutLane ??
    waiting[0] ??
    (lastModel !== undefined && !coolingDown.has(lastModel) ? lastModel : undefined)
  );
}

/** Picks the first waiting model that may replace a lane; one lane is replaced at a time. */
function modelToSwapIn<Lane extends LaneView>(
  view: PoolView<Lane>,
  serving: readonly Lane[],
): string | undefined {
  const isReplacing = view.lanes.some(({ state }) => state === 'loading');
  if (isReplacing || view.lanes.length > view.capacity) return undefined;
  return loadableModels(view).find((modelKey) => mayTakeLane(view, serving, modelKey));
}

function mayTakeLane<Lane extends LaneView>(
  view: PoolView<Lane>,
  serving: readonly Lane[],
  modelKey: string,
): boolean {
  const { now, turnMs, idleMs, waiting } = view;
  const lanesOfModel = countActive(view, modelKey);
  return serving.some((lane) => {
    if (lane.modelKey === modelKey) return false;
    const isIdle = lane.jobCount === 0 && !waiting.includes(lane.modelKey);
    if (isIdle && now - lane.lastBusy >= idleMs) return true;
    const lanesOfOther = countActive(view, lane.modelKey);
    // Lanes are shared evenly; the only lane of a model is replaced after its turn.
    return (
      lanesOfOther - lanesOfModel >= 2 || (lanesOfModel === 0 && now - lane.servingSince >= turnMs)
    );
  });
}

/**
 * Chooses among the lanes of other models than the newest lane's: first lanes that no job waits for,
 * then those with the fewest jobs, then those of the model with the most lanes, then the oldest.
 */
function chooseDrained<Lane extends LaneView>(
  view: PoolView<Lane>,
  serving: readonly Lane[],
): Lane {
  const newest = serving.reduce((a, b) => (b.servingSince > a.servingSince ? b : a));
  const others = serving.filter(({ modelKey }) => modelKey !== newest.modelKey);
  const hasWaitingJobs = ({ modelKey }: Lane) => Number(view.waiting.includes(modelKey));
  return (others.length > 0 ? others : serving).reduce((a, b) => {
    const order =
      hasWaitingJobs(a) - hasWaitingJobs(b) ||
      a.jobCount - b.jobCount ||
      countActive(view, b.modelKey) - countActive(view, a.modelKey) ||
      a.servingSince - b.servingSince;
    return order <= 0 ? a : b;
  });
}

/** Returns the models of waiting jobs that may be loaded, oldest job first. */
function loadableModels({ waiting, coolingDown }: PoolView<LaneView>): string[] {
  return [...new Set(waiting)].filter((modelKey) => !coolingDown.has(modelKey));
}

function countActive({ lanes }: PoolView<LaneView>, modelKey: string): number {
  return lanes.filter((lane) => lane.modelKey === modelKey && lane.state !== 'draining').length;
}
