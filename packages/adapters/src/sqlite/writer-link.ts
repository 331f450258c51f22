/**
 * The way from the log to its writer: on this thread, or on one of its own. Both behave the same.
 */
import * as E from 'fp-ts/lib/Either.js'
import { startThread, type Thread } from '../thread.js'
import { visibleDamage } from './damage.js'
import { failureText } from './driver.js'
import type { Group, GroupAnswer } from './group.js'
import { type OpenError, openErrorOf, openForWriting } from './open.js'
import { openWriter, type TreeHead, type Writer } from './writer.js'

/** One question at a time: the next is asked after the answer. Rejects when the writer is lost. */
export type WriterLink = {
  /** The position of the last event when the log was opened. */
  readonly headAtOpen: number
  readonly commit: (group: Group) => Promise<GroupAnswer>
  readonly treeHead: () => Promise<TreeHead>
  readonly close: () => Promise<void>
}

export type WriterQuestion =
  | { readonly type: 'Commit'; readonly group: Group }
  | { readonly type: 'TreeHead' }
  | { readonly type: 'Close' }

export type WriterAnswer =
  | { readonly type: 'Opened'; readonly opened: E.Either<OpenError, number> }
  | { readonly type: 'Answered'; readonly answer: GroupAnswer }
  | { readonly type: 'TreeHead'; readonly head: TreeHead }
  | { readonly type: 'Closed' }

/** Opens the file and looks at it before anything is written. */
export const openWriterIn = (directory: string): E.Either<OpenError, Writer> => {
  const opened = openForWriting(directory)
  if (E.isLeft(opened)) return opened
  try {
    const damage = visibleDamage(opened.right)
    if (damage === null) return E.right(openWriter(opened.right))
    opened.right.close()
    return E.left({ type: 'LogDamaged', directory, detail: damage })
  } catch (error) {
    opened.right.close()
    return E.left(openErrorOf(directory, error))
  }
}

export const linkInThread = (directory: string): E.Either<OpenError, WriterLink> => {
  const opened = openWriterIn(directory)
  if (E.isLeft(opened)) return opened
  const writer = opened.right
  return E.right({
    headAtOpen: writer.head(),
    commit: async (group) => writer.commit(group),
    treeHead: async () => writer.treeHead(),
    close: async () => writer.close(),
  })
}

export const linkToThread = async (directory: string): Promise<E.Either<OpenError, WriterLink>> => {
  const script = new URL('./writer-thread.js', import.meta.url)
  const thread = startThread<WriterQuestion | { readonly type: 'Open' }, WriterAnswer>(script, {
    directory,
  })
  try {
    const answer = await thread.ask({ type: 'Open' })
    const opened = answer.type === 'Opened' ? answer.opened : unexpected(answer)
    if (E.isRight(opened)) return E.right(linkOf(thread, opened.right))
    await thread.end()
    return opened
  } catch (error) {
    await thread.end()
    return E.left({ type: 'DirectoryUnreadable', directory, detail: failureText(error) })
  }
}

const linkOf = (thread: Thread<WriterQuestion, WriterAnswer>, headAtOpen: number): WriterLink => ({
  headAtOpen,
  commit: async (group) => {
    const answer = await thread.ask({ type: 'Commit', group })
    return answer.type === 'Answered' ? answer.answer : unexpected(answer)
  },
  treeHead: async () => {
    const answer = await thread.ask({ type: 'TreeHead' })
    return answer.type === 'TreeHead' ? answer.head : unexpected(answer)
  },
  close: async () => {
    try {
      await thread.ask({ type: 'Close' })
    } finally {
      await thread.end()
    }
  },
})

const unexpected = (answer: WriterAnswer): never => {
  throw new Error(`the writer's thread answered out of turn: ${answer.type}`)
}
