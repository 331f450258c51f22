/**
 * The way from the view store to its writer: on this thread, or on one of its own.
 */
import * as E from 'fp-ts/lib/Either.js'
import { startThread } from '../thread.js'
import { failureText, openSqlite } from './driver.js'
import { type OpenError, openErrorOf, viewsFile } from './open.js'
import { openViewWriter, type ViewAnswer, type ViewCommit, type ViewWriter } from './view-writer.js'

export type ViewLink = {
  readonly commit: (commit: ViewCommit) => Promise<ViewAnswer>
  readonly reset: (view: string) => Promise<ViewAnswer>
  readonly close: () => Promise<void>
}

export type ViewQuestion =
  | { readonly type: 'Open' }
  | { readonly type: 'Commit'; readonly commit: ViewCommit }
  | { readonly type: 'Reset'; readonly view: string }
  | { readonly type: 'Close' }

export type ViewThreadAnswer =
  | ViewAnswer
  | { readonly type: 'Opened'; readonly opened: E.Either<OpenError, null> }

export const openViewWriterIn = (directory: string): E.Either<OpenError, ViewWriter> => {
  const opened = openSqlite(viewsFile(directory))
  if (E.isLeft(opened))
    return opened.left.type === 'FileUnreadable'
      ? E.left({ type: 'DirectoryUnreadable', directory, detail: opened.left.detail })
      : E.left(opened.left)
  try {
    return E.right(openViewWriter(opened.right))
  } catch (error) {
    opened.right.close()
    return E.left(openErrorOf(directory, error))
  }
}

export const viewLinkInThread = (directory: string): E.Either<OpenError, ViewLink> =>
  E.map(
    (writer: ViewWriter): ViewLink => ({
      commit: async (commit) => writer.commit(commit),
      reset: async (view) => writer.reset(view),
      close: async () => writer.close(),
    }),
  )(openViewWriterIn(directory))

export const viewLinkToThread = async (
  directory: string,
): Promise<E.Either<OpenError, ViewLink>> => {
  const script = new URL('./view-thread.js', import.meta.url)
  const thread = startThread<ViewQuestion, ViewThreadAnswer>(script, { directory })
  const ask = async (question: ViewQuestion): Promise<ViewAnswer> => {
    try {
      const answer = await thread.ask(question)
      return answer.type === 'Opened' ? { type: 'Failed', detail: 'out of turn' } : answer
    } catch (error) {
      return { type: 'Failed', detail: failureText(error) }
    }
  }
  const close = async (): Promise<void> => {
    await ask({ type: 'Close' })
    await thread.end()
  }
  try {
    const answer = await thread.ask({ type: 'Open' })
    if (answer.type === 'Opened' && E.isRight(answer.opened))
      return E.right({
        commit: (commit) => ask({ type: 'Commit', commit }),
        reset: (view) => ask({ type: 'Reset', view }),
        close,
      })
    await thread.end()
    if (answer.type === 'Opened' && E.isLeft(answer.opened)) return answer.opened
    return E.left({ type: 'DirectoryUnreadable', directory, detail: answer.type })
  } catch (error) {
    await thread.end()
    return E.left({ type: 'DirectoryUnreadable', directory, detail: failureText(error) })
  }
}
