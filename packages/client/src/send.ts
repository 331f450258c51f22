/**
 * One attempt at a call over the network: what comes back, read in pieces, and within its limits.
 *
 * Whoever has a reply reads it to its end, or closes it: until then it holds a connection.
 */
import * as E from 'fp-ts/lib/Either.js'
import { type ClientError, errorOfAnswer } from './errors.js'
import type { Names } from './sign.js'

/** The largest answer that is held in memory as a whole. Unit: bytes. */
const ANSWER_BYTES_MAX = 64 * 1024 * 1024

/** The longest line of an answer in lines. Unit: characters. An event has at most 1 MiB. */
const LINE_CHARACTERS_MAX = 8 * 1024 * 1024

export type Limits = {
  /** How long the server may be silent. Unit: milliseconds. */
  readonly timeoutMs: number
  readonly signal: AbortSignal | undefined
}

export type Reply = {
  readonly status: number
  readonly header: (name: string) => string | null
  readonly chunks: () => AsyncGenerator<E.Either<ClientError, Uint8Array>, void, undefined>
  readonly close: () => void
}

/** Ends a request when it is silent for too long, or when its caller wants it to end. */
const watch = ({ timeoutMs, signal }: Limits) => {
  const controller = new AbortController()
  let isLate = false
  let timer: NodeJS.Timeout | undefined
  const end = (): void => controller.abort()
  const rest = (): void => clearTimeout(timer)
  signal?.addEventListener('abort', end, { once: true })
  if (signal?.aborted) end()
  return {
    signal: controller.signal,
    rest,
    await: () => {
      rest()
      timer = setTimeout(() => {
        isLate = true
        end()
      }, timeoutMs)
    },
    close: () => {
      rest()
      signal?.removeEventListener('abort', end)
      end()
    },
    errorOf: (cause: unknown): ClientError => {
      if (signal?.aborted) return { type: 'Aborted' }
      return isLate ? { type: 'TimedOut', timeoutMs } : { type: 'Unreachable', detail: say(cause) }
    },
  }
}

/** What fetch says of a failure stands in its cause, as a code of the system. */
const say = (fault: unknown): string => {
  if (!(fault instanceof Error)) return String(fault)
  const { cause } = fault
  if (cause instanceof Error) return 'code' in cause ? String(cause.code) : cause.message
  return fault.message
}

export type Sent = {
  readonly url: string
  readonly method: 'GET' | 'POST'
  readonly headers: Names
  readonly body: string
}

/** Left when no answer came at all; an answer of any status is a reply. */
export const send = async (
  fetchOne: typeof fetch,
  { url, method, headers, body }: Sent,
  limits: Limits,
): Promise<E.Either<ClientError, Reply>> => {
  const watched = watch(limits)
  watched.await()
  const sent = body === '' ? {} : { body }
  try {
    const { signal } = watched
    const got = await fetchOne(url, { method, headers, redirect: 'error', signal, ...sent })
    watched.rest()
    return E.right({
      status: got.status,
      header: (name) => got.headers.get(name),
      chunks: () => chunksOf(got.body, watched),
      close: watched.close,
    })
  } catch (cause) {
    watched.close()
    return E.left(watched.errorOf(cause))
  }
}

/** The pieces of a body; the clock runs only while the server is waited for. */
async function* chunksOf(
  body: Response['body'],
  watched: ReturnType<typeof watch>,
): AsyncGenerator<E.Either<ClientError, Uint8Array>, void, undefined> {
  const reader = body?.getReader()
  try {
    while (reader !== undefined) {
      watched.await()
      const { done, value } = await reader.read()
      watched.rest()
      if (done) return
      yield E.right(value)
    }
  } catch (cause) {
    yield E.left(watched.errorOf(cause))
  } finally {
    watched.close()
  }
}

const malformed = (status: number, detail: string): E.Either<ClientError, never> =>
  E.left({ type: 'AnswerMalformed', status, detail })

/** The whole text of a reply. */
export const textOf = async (reply: Reply): Promise<E.Either<ClientError, string>> => {
  const pieces: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of reply.chunks()) {
    if (E.isLeft(chunk)) return chunk
    bytes += chunk.right.length
    if (bytes > ANSWER_BYTES_MAX) return malformed(reply.status, 'the answer is too long')
    pieces.push(chunk.right)
  }
  return E.right(Buffer.concat(pieces).toString('utf8'))
}

/** The lines of a reply, without their ends. A left is the last that comes. */
export async function* linesOf(
  reply: Reply,
): AsyncGenerator<E.Either<ClientError, string>, void, undefined> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of reply.chunks()) {
    if (E.isLeft(chunk)) return yield chunk
    rest += decoder.decode(chunk.right, { stream: true })
    let from = 0
    for (let end = rest.indexOf('\n'); end !== -1; end = rest.indexOf('\n', from)) {
      if (end > from) yield E.right(rest.slice(from, end))
      from = end + 1
    }
    rest = rest.slice(from)
    if (rest.length > LINE_CHARACTERS_MAX)
      return yield malformed(reply.status, 'a line is too long')
  }
  if (rest !== '') yield malformed(reply.status, 'the answer ends in the middle of a line')
}

/** Only an answer of status 200 goes on; what the others say is read to its end. */
export const onlyOk = async (reply: Reply): Promise<E.Either<ClientError, Reply>> => {
  if (reply.status === 200) return E.right(reply)
  const text = await textOf(reply)
  return E.isLeft(text) ? text : E.left(errorOfAnswer(reply.status, text.right))
}

/** How long the server asks to be left alone. Unit: milliseconds. */
export const retryAfterOf = ({ header }: Reply): number => {
  const seconds = Number(header('retry-after') ?? '0')
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1_000 : 0
}
