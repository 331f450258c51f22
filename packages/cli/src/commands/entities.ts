/**
 * `grantlog entities`: the subjects, resources and actions of applications that AuthZEN asks about,
 * loaded from a file, listed and removed.
 */
import * as E from 'fp-ts/lib/Either.js'
import { type Caller, callerOf, type Names } from '../calling/call.js'
import { EXIT_OK, type ExitCode, type Failure } from '../failure.js'
import { isRecord, type Json, type JsonRecord, listAt, textAt } from '../json.js'
import { writerOf } from '../output/format.js'
import { progressOf } from '../output/progress.js'
import { type Command, type Context, saidOf, wrong } from './command.js'
import { ofOwnAccount, question } from './question.js'
import { documentOf, momentQuery } from './words.js'

const LISTS = ['subjects', 'resources', 'actions'] as const

/** What the server takes at once. Units: entities, and characters of JSON. */
const BATCH_ENTITIES_MAX = 1000
const BATCH_CHARACTERS_MAX = 250_000

type Entity = { readonly list: string; readonly entity: Json }

const entitiesOf = (document: Json): E.Either<Failure, ReadonlyArray<Entity>> => {
  const known: ReadonlyArray<string> = LISTS
  if (!isRecord(document)) return wrong('The file must hold one JSON object.')
  const unknown = Object.keys(document).find((name) => !known.includes(name))
  if (unknown !== undefined)
    return wrong(`The file has an unknown member "${unknown}". Known are: ${LISTS.join(', ')}.`)
  const bad = LISTS.find((list) => document[list] !== undefined && !Array.isArray(document[list]))
  if (bad !== undefined) return wrong(`The member ${bad} of the file must be a list.`)
  return E.right(
    LISTS.flatMap((list) => listAt(document, list).map((entity) => ({ list, entity }))),
  )
}

/** As few bodies as may be, each within what the server takes at once. */
export const batchesOf = (
  entities: ReadonlyArray<Entity>,
): ReadonlyArray<ReadonlyArray<Entity>> => {
  const batches: Entity[][] = []
  let characters = 0
  for (const each of entities) {
    const size = JSON.stringify(each.entity).length + 1
    const last = batches.at(-1)
    const isFull =
      last === undefined ||
      last.length >= BATCH_ENTITIES_MAX ||
      characters + size > BATCH_CHARACTERS_MAX
    characters = isFull ? size : characters + size
    if (isFull) batches.push([each])
    else last.push(each)
  }
  return batches
}

const bodyOf = (batch: ReadonlyArray<Entity>): JsonRecord =>
  Object.fromEntries(
    LISTS.flatMap((list) => {
      const rows = batch.filter((each) => each.list === list).map(({ entity }) => entity)
      return rows.length === 0 ? [] : [[list, rows]]
    }),
  )

/** Numbers of the same name are sums, and of positions the last. */
const summed = (sum: JsonRecord, answer: Json): JsonRecord => {
  if (!isRecord(answer)) return sum
  const counts = ['registered', 'updated', 'unchanged', 'removed'].flatMap((name) =>
    typeof answer[name] === 'number' ? [[name, Number(sum[name] ?? 0) + answer[name]]] : [],
  )
  return { ...sum, ...answer, ...Object.fromEntries(counts) }
}

const sendAll = async (
  batches: ReadonlyArray<ReadonlyArray<Entity>>,
  path: string,
  { terminal, connect }: Context,
): Promise<E.Either<Failure, JsonRecord>> => {
  const connection = connect()
  if (E.isLeft(connection)) return connection
  const call: Caller = callerOf(connection.right)
  const progress = progressOf(terminal, 'sending')
  const whole = batches.reduce((sum, batch) => sum + batch.length, 0)
  let [done, total]: [number, JsonRecord] = [0, {}]
  for (const batch of batches) {
    const request = { type: 'Order' as const, path, body: bodyOf(batch) }
    const own = await ofOwnAccount(request, connection.right, call)
    const answer = E.isLeft(own) ? own : await call(own.right)
    if (E.isLeft(answer)) {
      progress.end()
      if (done > 0) terminal.tell(`${done} of ${whole} were taken before this.`)
      return answer
    }
    done += batch.length
    total = summed(total, answer.right)
    progress.at(done, whole)
  }
  progress.end()
  return E.right(total)
}

const sending =
  (path: string) =>
  async (context: Context): Promise<E.Either<Failure, ExitCode>> => {
    const document = documentOf(context.given.argument('file'))
    if (E.isLeft(document)) return document
    const entities = entitiesOf(document.right)
    if (E.isLeft(entities)) return entities
    if (entities.right.length === 0) return wrong('The file names no entity.')
    const total = await sendAll(batchesOf(entities.right), path, context)
    if (E.isLeft(total)) return total
    const writer = writerOf(context.format, context.terminal, { list: null })
    await writer.page(total.right)
    await writer.end()
    return E.right(EXIT_OK)
  }

const FILE = {
  name: 'file',
  meaning: 'JSON with subjects, resources and actions; - is standard input',
}

const load: Command = {
  name: 'entities load',
  summary:
    'Registers the subjects, resources and actions of a JSON file, or replaces what is known.',
  details: `Up to ${BATCH_ENTITIES_MAX.toLocaleString('en')} at once are taken all or none; a longer file goes in parts. Loading the same again changes nothing.`,
  arguments: [FILE],
  options: [],
  examples: ['grantlog entities load todo-app.json --reason "a new application"'],
  run: sending('/v1/entities'),
}

const remove: Command = {
  name: 'entities remove',
  summary: 'Removes the subjects, resources and actions that a JSON file names.',
  details: 'Subjects and resources are named by type and id, actions by resourceType and name.',
  arguments: [FILE],
  options: [],
  examples: ['grantlog entities remove gone.json --ticket APP-7'],
  run: sending('/v1/entities/remove'),
}

const KINDS = ['subject', 'resource', 'action'] as const

const list = question({
  name: 'entities',
  summary: 'Lists the registered entities of one kind and type, now or then.',
  arguments: [
    { name: 'kind', meaning: KINDS.join(', '), choices: KINDS },
    { name: 'type', meaning: 'their type; of actions, that of the resources' },
  ],
  options: [{ flag: '--id <id>', meaning: 'the one of that name alone' }],
  examples: ['grantlog entities subject user', 'grantlog entities resource todo --at 30d -o jsonl'],
  hasMoment: true,
  isPaged: true,
  ask: (given, now) =>
    E.map((moment: Names) => ({
      type: 'Get' as const,
      path: '/v1/entities',
      query: {
        kind: given.argument('kind'),
        type: given.argument('type'),
        ...saidOf(given, 'id'),
        ...moment,
      },
    }))(momentQuery(given, now)),
  show: () => ({
    list: 'entities',
    columns: [
      ['type', (row) => textAt(row, 'type') || textAt(row, 'resourceType')],
      ['id', (row) => textAt(row, 'id') || textAt(row, 'name')],
      ['properties', 'properties'],
      ['acts as', (row) => listAt(row, 'actsAs').join(' ') || null],
      ['entity', 'entityId'],
    ],
    none: 'No entities.',
  }),
})

export const entityCommands: ReadonlyArray<Command> = [list, load, remove]
