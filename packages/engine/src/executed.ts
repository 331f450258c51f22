/** What a command led to, as whoever gave it is told. */
import type { AccountEvent } from '@grantlog/domain'
import type { Position } from './ports.js'

/** What a command led to. `events` is empty when what was asked for was already so. */
export type Executed = {
  readonly position: Position
  readonly revision: number
  readonly recordedAt: number
  readonly events: ReadonlyArray<AccountEvent>
}
