/** A lane process as the policy sees it; times in milliseconds of one clock. */
export interface LaneView {
  /** Key of the one model that it belongs to. */
  readonly modelKey: string;
  /** `draining`: it gets no new job and ends when it has finished what it holds. */
  readonly state: 'loading' | 'serving' | 'draining';
  /** Jobs that it holds. */
  readonly jobCount: number;
  /** When it was loaded. */
  readonly servingSince: number;
  /** When it last ended a job, or was loaded. */
  readonly lastBusy: number;
}

export interface PoolView<Lane extends LaneView> {
  readonly lanes: readonly Lane[];
  /** Lanes that may serve at once; while one is replaced there is one process more. */
  readonly capacity: number;
  /** Model of each job for which no lane has room, the oldest first. */
  readonly waiting: readonly string[];
  /** Models that are not to be loaded now. */
  readonly coolingDown: ReadonlySet<string>;
  /** Model that a free place is given to when no job waits. */
  readonly lastModel: string | undefined;
  readonly now: number;
  /** A model's only lane serves this long before another model may take its place. */
  readonly turnMs: number;
  /** A lane without work is given to another model after this time. */
  readonly idleMs: number;
}

export type Step<Lane> =
  { readonly kind: 'start'; readonly modelKey: string } | { readonly kind: 'drain'; lane: Lane };

/** What a pool is to do next; undefined while its lanes are as they should be. */
export function nextStep<Lane extends LaneView>(view: PoolView<Lane>): Step<Lane> | undefined {
  const { lanes, capacity } = view;
  const serving = lanes.filter(({ state }) => state === 'serving');
  if (serving.length > capacity) return { kind: 'drain', lane: chooseDrained(view, serving) };
  const modelKey = lanes.length < capacity ? modelForFreeSlot(view) : modelToSwapIn(view, serving);
  return modelKey === undefined ? undefined : { kind: 'start', modelKey };
}

/** A model without a lane goes first; then the oldest job; then what served here before. */
function modelForFreeSlot<Lane extends LaneView>(view: PoolView<Lane>): string | undefined {
  const { lastModel, coolingDown } = view;
  const wanted = wantedModels(view);
  const laneless = wanted.find((modelKey) => activeOf(view, modelKey) === 0);
  return (
    laneless ??
    wanted[0] ??
    (lastModel !== undefined && !coolingDown.has(lastModel) ? lastModel : undefined)
  );
}

/** The first model in line that may take a lane from another; one is replaced at a time. */
function modelToSwapIn<Lane extends LaneView>(
  view: PoolView<Lane>,
  serving: readonly Lane[],
): string | undefined {
  const isBusy = view.lanes.some(({ state }) => state === 'loading');
  if (isBusy || view.lanes.length > view.capacity) return undefined;
  return wantedModels(view).find((modelKey) => mayTakeLane(view, serving, modelKey));
}

function mayTakeLane<Lane extends LaneView>(
  view: PoolView<Lane>,
  serving: readonly Lane[],
  modelKey: string,
): boolean {
  const { now, turnMs, idleMs, waiting } = view;
  const own = activeOf(view, modelKey);
  return serving.some((lane) => {
    if (lane.modelKey === modelKey) return false;
    const isIdle = lane.jobCount === 0 && !waiting.includes(lane.modelKey);
    if (isIdle && now - lane.lastBusy >= idleMs) return true;
    const others = activeOf(view, lane.modelKey);
    // Evenly between models with work; the last lane of one is given up only after its turn.
    return others - own >= 2 || (own === 0 && now - lane.servingSince >= turnMs);
  });
}

/**
 * Of the models other than the newest lane's: one that no job waits for; the least busy; of the
 * model with most lanes; the longest at work.
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
      activeOf(view, b.modelKey) - activeOf(view, a.modelKey) ||
      a.servingSince - b.servingSince;
    return order <= 0 ? a : b;
  });
}

/** Models that jobs wait for and that may be loaded, that of the oldest job first. */
function wantedModels({ waiting, coolingDown }: PoolView<LaneView>): string[] {
  return [...new Set(waiting)].filter((modelKey) => !coolingDown.has(modelKey));
}

function activeOf({ lanes }: PoolView<LaneView>, modelKey: string): number {
  return lanes.filter((lane) => lane.modelKey === modelKey && lane.state !== 'draining').length;
}
