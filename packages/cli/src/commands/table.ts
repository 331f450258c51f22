/** All commands, in the order in which the help lists them. */
import { accessCommands } from './access.js'
import { accountCommands } from './account.js'
import { api } from './api.js'
import { can } from './can.js'
import type { Command } from './command.js'
import { completeCommand, completion } from './completion.js'
import { decisionTimeline, since } from './decision-timeline.js'
import { diff } from './diff.js'
import { entityCommands } from './entities.js'
import { events, refusedUses, signIns } from './events.js'
import { replay } from './replay.js'
import { serve } from './serve.js'
import { sessionCommands } from './sessions.js'
import { SHARED_OPTIONS } from './shared-options.js'
import { timeline } from './timeline.js'
import { token } from './token.js'
import { unused } from './unused.js'
import { whatCan } from './what-can.js'
import { whoCan } from './who-can.js'
import { why } from './why.js'

export const COMMANDS: ReadonlyArray<Command> = [
  can,
  why,
  whoCan,
  whatCan,
  since,
  decisionTimeline,
  timeline,
  diff,
  replay,
  unused,
  events,
  signIns,
  refusedUses,
  ...accessCommands,
  ...sessionCommands,
  ...entityCommands,
  api,
  ...accountCommands,
  token,
  serve,
  completion,
  completeCommand(() => COMMANDS, SHARED_OPTIONS),
]
