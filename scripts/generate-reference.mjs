/**
 * Writes docs/reference/ from the built packages and the comments in their sources, and the one
 * source file that is made of another package's table. With `--check` it writes nothing, and fails
 * when a page differs or when something has no sentence.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as cli from '../packages/cli/dist/index.js'
import * as domain from '../packages/domain/dist/index.js'
import {
  ERRORS,
  errorOf,
  OPERATIONS,
  OWN_ROUTES,
  openApiOf,
  READ_PROBLEMS,
  READ_ROUTES,
} from '../packages/protocol/dist/index.js'
import * as api from '../services/api/dist/index.js'
import * as relay from '../services/relay/dist/index.js'
import * as standalone from '../services/standalone/dist/index.js'
import * as stsWorker from '../services/sts-worker/dist/index.js'
import { cliPage } from './reference/cli-page.mjs'
import { commandsPage, eventsPage } from './reference/domain-pages.mjs'
import { errorsPage } from './reference/errors-page.mjs'
import { sampleFaults } from './reference/faults.mjs'
import { operationParametersFile } from './reference/operation-parameters.mjs'
import { operationsPage } from './reference/operations-page.mjs'
import { readApiPage } from './reference/read-api-page.mjs'
import { readSentences, sourcesBelow } from './reference/sentences.mjs'
import { settingsPage } from './reference/settings-page.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const isCheck = process.argv.includes('--check')

const sentences = readSentences(sourcesBelow(join(root, 'packages', 'domain', 'src')))
const faults = sampleFaults(
  ERRORS,
  {
    ...domain.AccountRefusalCodecs,
    ...domain.AliasRefusalCodecs,
    ...domain.SessionRefusalCodecs,
  },
  ['rpc/faults.ts', 'signature/faults.ts'].map((path) => join(root, 'packages/protocol/src', path)),
)
const processes = [
  ['npm start', standalone],
  ['npm run api', api],
  ['npm run sts-worker', stsWorker],
  ['npm run relay', relay],
].map(([command, { PROGRAM, SETTINGS }]) => ({ command, program: PROGRAM, settings: SETTINGS }))
const pages = {
  'events.md': eventsPage(domain, sentences),
  'commands.md': commandsPage(domain, sentences),
  'errors.md': errorsPage({ domain, sentences, faults, errorOf }),
  'operations.md': operationsPage({ operations: OPERATIONS, sentences }),
  'read-api.md': readApiPage({ routes: READ_ROUTES, own: OWN_ROUTES, problems: READ_PROBLEMS }),
  'openapi.json': { text: `${JSON.stringify(openApiOf(READ_ROUTES), null, 2)}\n`, missing: [] },
  'cli.md': cliPage({
    commands: cli.COMMANDS,
    shared: cli.SHARED_OPTIONS,
    codes: cli.EXIT_CODES,
    variables: cli.VARIABLES,
  }),
  'settings.md': settingsPage({ processes, quotas: domain.DEFAULT_QUOTAS, sentences }),
}
const files = Object.fromEntries([
  ...Object.entries(pages).map(([name, page]) => [`docs/reference/${name}`, page]),
  ['packages/cli/src/commands/operation-parameters.ts', operationParametersFile(OPERATIONS)],
])

/** The first line that differs, with its number: enough to see what was forgotten. */
const difference = (name, wanted) => {
  const path = join(root, name)
  if (!existsSync(path)) return [`${name} is not there`]
  const [is, should] = [readFileSync(path, 'utf8'), wanted].map((text) => text.split('\n'))
  const at = should.findIndex((line, index) => line !== is[index])
  if (at === -1 && is.length === should.length) return []
  const line = at === -1 ? should.length : at
  return [
    `${name} differs from line ${line + 1} on:`,
    `  is      ${is[line] ?? '(no line)'}`,
    `  should  ${should[line] ?? '(no line)'}`,
  ]
}

const faultsFound = Object.values(files).flatMap(({ missing }) => missing)
if (isCheck)
  for (const [name, { text }] of Object.entries(files)) faultsFound.push(...difference(name, text))
else {
  mkdirSync(join(root, 'docs', 'reference'), { recursive: true })
  for (const [name, { text }] of Object.entries(files)) writeFileSync(join(root, name), text)
}

if (faultsFound.length > 0) {
  process.stderr.write(`${faultsFound.join('\n')}\n`)
  if (isCheck) process.stderr.write('Run `npm run docs`, and read what changed.\n')
  process.exitCode = 1
}
