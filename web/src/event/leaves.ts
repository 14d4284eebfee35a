import { treeOf, type Node } from './json_tree';

/** A value of a record that has no parts, by the keys that lead to it; arrays are passed through. */
export interface Leaf {
  path: string[];
  value: string;
}

/** The leaves of a tree in its order; those without a value are left out. */
export function leavesOfTree(tree: Node): Leaf[] {
  const leaves: Leaf[] = [];
  const visit = (node: Node, path: string[]): void => {
    if (node.kind === 'array') node.items.forEach(item => visit(item, path));
    else if (node.kind === 'object') node.members.forEach(one => visit(one.node, [...path, one.key]));
    else if (node.kind !== 'null') leaves.push({ path, value: node.text });
  };
  visit(tree, []);
  return leaves;
}

/** The leaves of a record; none when it is no JSON. */
export function leavesOf(record: string): Leaf[] {
  const tree = treeOf(record);
  return tree ? leavesOfTree(tree) : [];
}
