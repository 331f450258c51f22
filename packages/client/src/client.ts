/**
 * The client: questions, history and orders under `/v1/`, and the operations of RAM and STS, each a
 * promise of an answer or of a typed reason why there is none.
 */
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { type AccessQuestions, accessQuestionsOn } from './access.js'
import { type AccountQuestions, accountQuestionsOn } from './accounts.js'
import { atLeastTokens } from './at-least.js'
import { bearerTokens } from './bearer.js'
import { type EntityQuestions, entityQuestionsOn } from './entities.js'
import type { ClientError } from './errors.js'
import type { CallOptions, Surroundings } from './exchange.js'
import { type HistoryQuestions, historyQuestionsOn } from './history.js'
import { type Answer, answerTo, ORDER, type Paths, pathsOn, QUESTION } from './paths.js'
import { type Questions, questionsOn } from './questions.js'
import { DEFAULT_RETRIES, type RetrySettings } from './retry.js'
import type { Credentials, Names } from './sign.js'

export type ClientOptions = {
  /** `http://host:port` or `https://host`. */
  readonly endpoint: string
  /** A key, or whoever knows it at the time of a call: temporary credentials end. */
  readonly credentials: Credentials | (() => Promise<Credentials>)
  /** `Bearer` shows the key once, for a token. Left out, every call is signed. */
  readonly authentication?: 'Signature' | 'Bearer'
  /** How long the server may be silent. Unit: milliseconds. */
  readonly timeoutMs?: number
  readonly retries?: Partial<RetrySettings>
  readonly fetch?: typeof fetch
}

export type Product = 'Ram' | 'Sts' | 'Ims'

export type Client = Paths &
  Questions &
  HistoryQuestions &
  AccessQuestions &
  EntityQuestions &
  AccountQuestions & {
    /** An operation of RAM, STS or IMS, with its parameters as they are named there. */
    readonly operation: (
      product: Product,
      name: string,
      parameters?: Names,
      options?: CallOptions,
    ) => Answer<Readonly<Record<string, unknown>>>
  }

const VERSIONS: Readonly<Record<Product, string>> = {
  Ram: '2015-05-01',
  Sts: '2015-04-01',
  Ims: '2019-08-15',
}

const TIMEOUT_MS_DEFAULT = 10_000

const Members = t.readonly(t.record(t.string, t.unknown))

const credentialsOf =
  (given: ClientOptions['credentials']) =>
  async (): Promise<E.Either<ClientError, Credentials>> => {
    if (typeof given !== 'function') return E.right(given)
    try {
      return E.right(await given())
    } catch (fault) {
      const detail = fault instanceof Error ? fault.message : String(fault)
      return E.left({ type: 'NoCredentials', detail })
    }
  }

const surroundingsOf = (options: ClientOptions): Surroundings => {
  const { origin: endpoint, host } = new URL(options.endpoint)
  const fetchOne = options.fetch ?? fetch
  const credentials = credentialsOf(options.credentials)
  const isBearer = options.authentication === 'Bearer'
  const now = (): number => performance.now()
  return {
    endpoint,
    host,
    fetchOne,
    credentials,
    tokens: isBearer ? bearerTokens({ fetchOne, endpoint, credentials, now }) : undefined,
    atLeast: atLeastTokens(),
    retries: { ...DEFAULT_RETRIES, ...options.retries },
    timeoutMs: options.timeoutMs ?? TIMEOUT_MS_DEFAULT,
    clock: Date.now,
    chance: Math.random,
  }
}

/** Whether an operation only asks; its name says so. */
const isQuestion = (name: string): boolean => /^(Get|List)/.test(name)

export const openClient = (options: ClientOptions): Client => {
  const around = surroundingsOf(options)
  const paths = pathsOn(around)
  // These operations know signatures only.
  const signing = { ...around, tokens: undefined }
  return {
    ...paths,
    ...questionsOn(paths),
    ...historyQuestionsOn(paths),
    ...accessQuestionsOn(paths),
    ...entityQuestionsOn(paths),
    ...accountQuestionsOn(paths),
    operation: (product, name, parameters = {}, callOptions) => {
      const version = VERSIONS[product]
      const call = { method: 'POST', path: '/', query: parameters, body: '' } as const
      const kind = isQuestion(name) ? QUESTION : ORDER
      const asked = { ...call, action: name, version, ...kind }
      return answerTo(signing, asked, Members, callOptions)
    },
  }
}
