import ts from 'typescript';
import { type Mutant, MutantList } from './mutant.js';
import { COMPARISONS, exchanging, mutateTokens } from './wgsl-mutants.js';

const OPERATORS: Readonly<Record<string, string | readonly string[]>> = {
  ...exchanging('=== !==', '&& ||', '+ -', '* /', '+= -='),
  ...COMPARISONS,
  '%': '*',
};
/** Methods and functions in the place of others. */
const NAMES: Readonly<Record<string, string>> = { ...exchanging('every some', 'ceil floor', 'min max'), pop: 'shift' };
/** Methods without which the array is as it was. */
const LEFT_OUT = new Set(['reverse', 'sort']);
/** Code that only makes messages for people. */
const WORDS_FOR_PEOPLE = new Set(['describe', 'title', 'nameOf', 'nameOfWatched', 'find']);

/** Every mutant of a TypeScript file, in the order of the text; what throws or only makes messages is left as it is. */
export function typescriptMutants(file: string, source: string): Mutant[] {
  const list = new MutantList(file, source);
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.ES2023, true);
  const replace = (kind: Mutant['kind'], node: ts.Node, text: string) =>
    list.add(kind, node.getStart(tree), node.getEnd(), text);
  visit(tree);
  return list.found.sort((a, b) => a.start - b.start || a.end - b.end);

  function visit(node: ts.Node): void {
    if (isLeftOut(node)) return;
    mutate(node);
    ts.forEachChild(node, visit);
  }

  function mutate(node: ts.Node): void {
    if (ts.isBinaryExpression(node)) {
      for (const other of [OPERATORS[node.operatorToken.getText(tree)] ?? []].flat())
        replace('operator', node.operatorToken, other);
    } else if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken) {
      replace('condition', node, node.operand.getText(tree));
    } else if (ts.isIfStatement(node) && !ts.isThrowStatement(node.thenStatement)) {
      negate(node.expression);
    } else if (ts.isConditionalExpression(node)) {
      negate(node.condition);
    } else if (ts.isNumericLiteral(node)) {
      const value = Number(node.text);
      for (const other of value === 1 ? [0, 2] : [value + 1]) replace('constant', node, String(other));
    } else if (node.kind === ts.SyntaxKind.TrueKeyword || node.kind === ts.SyntaxKind.FalseKeyword) {
      if (!ts.isLiteralTypeNode(node.parent))
        replace('constant', node, node.getText(tree) === 'true' ? 'false' : 'true');
    } else if (ts.isExpressionStatement(node) || ts.isContinueStatement(node) || ts.isBreakStatement(node)) {
      replace('statement', node, ';');
    } else if (ts.isReturnStatement(node) && node.expression && node.expression.getText(tree) !== 'undefined') {
      replace('result', node.expression, 'undefined');
    } else if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
      mutateCall(node, node.expression);
    } else if (ts.isSpreadElement(node) && ts.isArrayLiteralExpression(node.parent)) {
      replace('argument', node, '');
    } else if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node) || isTemplatePiece(node)) {
      // Pieces of WGSL.
      if (!ts.isImportDeclaration(node.parent)) mutateTokens(pieceOf(node), node.getStart(tree), list);
    }
  }

  /** Turns a condition around, unless another mutant of it does. */
  function negate(condition: ts.Expression): void {
    const text = condition.getText(tree);
    if (!/^!|^[^&|]*[!=]==[^&|]*$/.test(text)) replace('condition', condition, `!(${text})`);
  }

  function mutateCall(call: ts.CallExpression, { name, expression }: ts.PropertyAccessExpression): void {
    const other = NAMES[name.text];
    if (other) replace('operator', name, other);
    if (LEFT_OUT.has(name.text)) replace('operator', call, expression.getText(tree));
    if (name.text === 'filter') replace('condition', call, expression.getText(tree));
  }

  function pieceOf(node: ts.Node): string {
    const text = node.getText(tree);
    // Messages and names are not WGSL.
    return / [-+*/] |\b\d+u\b|\.x\b|\[/.test(text) ? text : '';
  }
}

function isTemplatePiece(node: ts.Node): boolean {
  return ts.isTemplateHead(node) || ts.isTemplateMiddle(node) || ts.isTemplateTail(node);
}

function isLeftOut(node: ts.Node): boolean {
  if (ts.isTypeNode(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return true;
  if (ts.isThrowStatement(node) || ts.isImportDeclaration(node)) return true;
  const named = ts.isFunctionDeclaration(node) || ts.isVariableDeclaration(node) || ts.isPropertyAssignment(node);
  return named && node.name !== undefined && WORDS_FOR_PEOPLE.has(node.name.getText());
}
