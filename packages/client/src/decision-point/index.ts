/** The front door of the embedded decision point. */
export type { NotDecided, PointQuestion } from './decide.js'
export { Snapshot } from './grants.js'
export {
  type DecisionPoint,
  type DecisionPointOptions,
  NODE_LAG_MS_MAX,
  openDecisionPoint,
  type PointDecision,
} from './point.js'
