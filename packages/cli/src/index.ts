/** The front door of the command line: its tables, for reference and tests, and a run of it. */

export type { ArgumentAbout, Command, OptionAbout } from './commands/command.js'
export { SHARED_OPTIONS } from './commands/shared-options.js'
export { COMMANDS } from './commands/table.js'
export { EXIT_CODES } from './failure.js'
export type { Terminal } from './output/terminal.js'
export { runCommandLine } from './run.js'
export { VARIABLES } from './settings/connection.js'
