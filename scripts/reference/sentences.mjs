/**
 * The comment above each exported constant, and above each member of its shape, read from the
 * sources. The reference takes its sentences from here, so that a fact has one home: the line
 * beside the code.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'

export const sourcesBelow = (folder) =>
  readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) return entry.name === 'testing' ? [] : sourcesBelow(path)
      return path.endsWith('.ts') && !path.endsWith('.test.ts') ? [path] : []
    })
    .sort()

/** The text of a comment as one paragraph; undefined where there is none. */
export const sentenceOf = (node) => {
  const comment = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc).at(-1)?.comment
  const text = ts
    .getTextOfJSDocComment(comment)
    ?.replace(/\s*\n\s*/g, ' ')
    .trim()
  return text === '' ? undefined : text
}

const isExported = (statement) =>
  statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false

/** Comments of members, by name; the first one that speaks wins. */
const memberSentences = (initializer) => {
  const sentences = new Map()
  const visit = (node) => {
    if (ts.isPropertyAssignment(node) || ts.isShorthandPropertyAssignment(node)) {
      const sentence = sentenceOf(node)
      const name = node.name.getText()
      if (sentence !== undefined && !sentences.has(name)) sentences.set(name, sentence)
    }
    ts.forEachChild(node, visit)
  }
  visit(initializer)
  return sentences
}

/** Name of constant → { sentence, members, path }, for every exported constant of the files. */
export const readSentences = (paths) => {
  const found = new Map()
  for (const path of paths) {
    const text = readFileSync(path, 'utf8')
    const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)
    for (const statement of file.statements) {
      if (!ts.isVariableStatement(statement) || !isExported(statement)) continue
      for (const { name, initializer } of statement.declarationList.declarations) {
        if (initializer === undefined) continue
        found.set(name.getText(file), {
          sentence: sentenceOf(statement),
          members: memberSentences(initializer),
          path,
        })
      }
    }
  }
  return found
}
