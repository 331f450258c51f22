/**
 * A policy document cut into parts of up to 32 statements, so that a set of statements of one part
 * is one number. What is read only of statements that are asked about is compiled when they are.
 */
import type { ActionPatterns, PolicyDocument, Statement } from '../document.js'

/** As many as a number has bits. */
export const PART_STATEMENTS_MAX = 32

export type CompiledStatement = {
  readonly isDeny: boolean
  readonly actions: ActionPatterns
  /** Speaks about assuming a role, whatever else its actions cover. */
  readonly onlyAssumes: boolean
  /** As it was parsed. */
  readonly source: Statement
}

export type Part = {
  readonly statements: ReadonlyArray<CompiledStatement>
  /** The runs made of it so far: a set of its statements, and where their candidates start. */
  readonly runs: Array<{ readonly mask: number; readonly start: number }>
}

const compiledStatement = (source: Statement): CompiledStatement => ({
  isDeny: source.effect === 'Deny',
  actions: source.actions,
  onlyAssumes: source.resources === undefined,
  source,
})

const partsOfStatements = (statements: ReadonlyArray<Statement>): ReadonlyArray<Part> =>
  Array.from({ length: Math.ceil(statements.length / PART_STATEMENTS_MAX) }, (_, index) => ({
    statements: statements
      .slice(index * PART_STATEMENTS_MAX, (index + 1) * PART_STATEMENTS_MAX)
      .map(compiledStatement),
    runs: [],
  }))

/** Statements that speak about whoever holds the policy, apart from those that name somebody. */
export const partsOf = (
  document: PolicyDocument,
): { readonly bearer: ReadonlyArray<Part>; readonly named: ReadonlyArray<Part> } => ({
  bearer: partsOfStatements(document.statements.filter((one) => one.principals === undefined)),
  named: partsOfStatements(document.statements.filter((one) => one.principals !== undefined)),
})
