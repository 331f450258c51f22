/** The page of errors: what each refusal and fault means, and what a client sees of it. */
import { basename, dirname } from 'node:path'
import { GENERATED, table } from './domain-pages.mjs'

/** What a client sees, once for each code and status that the samples of a fault lead to. */
const answersOf = (errorOf, samples) => {
  const answers = new Map()
  for (const sample of samples) {
    const { code, status, message } = errorOf(sample)
    const key = `${status} ${code}`
    if (!answers.has(key)) answers.set(key, { status, code, message })
  }
  return [...answers.values()]
}

const rowsOf = (type, meaning, answers) =>
  answers.map(({ status, code, message }, index) => [
    index === 0 ? `\`${type}\`` : '',
    index === 0 ? (meaning ?? '') : '',
    String(status),
    `\`${code}\``,
    message.replaceAll('<', '&lt;'),
  ])

const HEAD = ['refusal', 'meaning', 'status', 'code', 'message']

/** The folder a refusal is written in: its entity. */
const entityOf = (path) => basename(dirname(path))

const refusalSections = ({ domain, sentences, faults, errorOf }, missing) => {
  const codecs = { ...domain.AccountRefusalCodecs, ...domain.SessionRefusalCodecs }
  const sections = new Map()
  for (const type of Object.keys(codecs)) {
    const known = sentences.get(type)
    if (known?.sentence === undefined) missing.push(`${type} has no sentence`)
    const samples = faults.get(type)
    if (samples === undefined) missing.push(`${type} has no answer in the table of errors`)
    const entity = entityOf(known?.path ?? 'elsewhere/x')
    const rows = rowsOf(type, known?.sentence, answersOf(errorOf, samples ?? []))
    sections.set(entity, [...(sections.get(entity) ?? []), ...rows])
  }
  return [...sections].map(
    ([entity, rows]) => `## Refusals: ${entity.replace('-', ' ')}\n\n${table(HEAD, rows)}\n`,
  )
}

/** What can go wrong before, around and behind a command; its message is its sentence. */
const callSection = ({ domain, faults, errorOf }) => {
  const refusals = { ...domain.AccountRefusalCodecs, ...domain.SessionRefusalCodecs }
  const rows = [...faults]
    .filter(([type]) => !Object.hasOwn(refusals, type))
    .flatMap(([type, samples]) => rowsOf(type, '', answersOf(errorOf, samples)))
    .map(([type, , ...answer]) => [type, ...answer])
  return `## Faults of a call\n\n${table(['fault', 'status', 'code', 'message'], rows)}\n`
}

export const errorsPage = (sources) => {
  const missing = []
  const opening =
    'Why a call may fail. In each section refusals stand in the order in which they are checked: what ' +
    'must exist first, then what must not, then conflicts and quotas. The first that holds is the ' +
    'answer. A name in angle brackets stands for what was sent, or for a limit.\n'
  const text = [
    GENERATED,
    '# Errors\n',
    opening,
    ...refusalSections(sources, missing),
    callSection(sources),
  ].join('\n')
  return { text, missing }
}
