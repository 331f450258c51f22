/**
 * Starting, step by step: what was opened is closed again when a later step fails, in the opposite
 * order.
 */
import * as E from 'fp-ts/lib/Either.js'
import type { HttpPort } from './http-port.js'
import { sentenceOfPort } from './sentences.js'

export type StartFailed = { readonly type: 'StartFailed'; readonly sentence: string }

/** What a process is told of itself while it runs. */
export type Incidents = {
  /** A part can't go on; nothing is allowed any more. */
  readonly onStopped: (reason: string) => void
  readonly onFault: (fault: unknown) => void
}

export type Opened = {
  /** Remembers how to close what was just opened. */
  readonly add: (close: () => Promise<void>) => void
  readonly closeAll: () => Promise<void>
  /** Closes everything; the answer says why. */
  readonly giveUp: (sentence: string) => Promise<E.Either<StartFailed, never>>
}

export const nothingOpened = (onFault: Incidents['onFault']): Opened => {
  const closers: Array<() => Promise<void>> = []
  const closeAll = async (): Promise<void> => {
    for (const close of closers.splice(0).reverse())
      try {
        await close()
      } catch (fault) {
        onFault(fault)
      }
  }
  return {
    add: (close) => void closers.push(close),
    closeAll,
    giveUp: async (sentence) => {
      await closeAll()
      return E.left({ type: 'StartFailed', sentence })
    },
  }
}

const urlOf = (host: string, port: number): string =>
  `http://${host.includes(':') ? `[${host}]` : host}:${port}`

/** The address at which a port now listens, or the sentence that says why it does not. */
export const listenOn = async (
  http: HttpPort,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<E.Either<string, string>> => {
  try {
    return E.right(urlOf(host, await http.listen(host, port)))
  } catch (fault) {
    return E.left(sentenceOfPort(host, port, fault))
  }
}
