/**
 * The page of settings, from the table that each process reads its own by.
 */
import { GENERATED, table } from './domain-pages.mjs'

const OPENING = `A flag wins over the environment, the environment over the file, the file over the default. After \`npm start\` or
\`npm run …\` flags stand behind \`--\`. The file holds one JSON object; a member that is not in the third column is
refused, in its quotas too. Paths are taken from the folder in which the process is started.

Every process also takes \`-c, --config <file>\` or \`GRANTLOG_CONFIG\`, which names that file, \`--help\` and
\`--version\`. A flag, a variable or a file that is wrong ends the start with exit code 2 and a sentence.
`

const TOLD_DEFAULT = / \(default: ([^)]+)\)$/

/** What holds when nobody says anything: the help tells it, or there is nothing to tell. */
const defaultOf = ({ help, fallback }) => {
  const told = TOLD_DEFAULT.exec(help)?.[1]
  if (told !== undefined) return `\`${told}\``
  const value = fallback()
  if (value._tag === 'Left') return 'must be said'
  if (value.right === null) return 'none'
  if (value.right === false) return 'no'
  if (typeof value.right === 'object') return 'see [Quotas](#quotas)'
  return undefined
}

const code = (text) => (text === null ? '' : `\`${text}\``)

const processSection = ({ command, program, settings }, missing) => {
  const rows = Object.entries(settings).map(([member, setting]) => {
    const { flag, variable, help } = setting
    const byDefault = defaultOf(setting)
    if (byDefault === undefined)
      missing.push(`${program.name}: ${member} does not tell its default`)
    const meaning = help.replace(TOLD_DEFAULT, '')
    return [code(flag), code(variable), code(member), byDefault ?? '', meaning]
  })
  const head = ['flag', 'variable', 'in the file', 'default', 'meaning']
  return `## ${program.name}\n\n\`${command}\`. ${program.description}\n\n${table(head, rows)}\n`
}

const quotasSection = (quotas, sentences) => {
  const notes = sentences.get('Quotas')?.members ?? new Map()
  const rows = Object.entries(quotas).map(([name, value]) => [
    code(name),
    String(value),
    notes.get(name) ?? '',
  ])
  return `## Quotas

The member \`quotas\` of the file holds those that differ. Lowering one takes nothing away: it only refuses what would be
added. All api replicas must say the same.

${table(['quota', 'default', 'note'], rows)}
`
}

export const settingsPage = ({ processes, quotas, sentences }) => {
  const missing = []
  const sections = processes.map((process) => processSection(process, missing))
  const text = [
    `${GENERATED}\n# Settings\n`,
    OPENING,
    ...sections,
    quotasSection(quotas, sentences),
  ].join('\n')
  return { text, missing }
}
