#!/usr/bin/env node
/**
 * The process of the command line tool.
 */
import { terminalOf } from './output/terminal.js'
import { runCommandLine } from './run.js'
import { VERSION } from './version.js'

const { env, stdout, stderr } = process

process.exitCode = await runCommandLine(process.argv.slice(2), {
  terminal: terminalOf(stdout, stderr, env),
  env,
  version: VERSION,
  now: Date.now(),
})
