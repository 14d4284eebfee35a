import { useState } from 'preact/hooks';

export interface Dragging {
  /** What makes `name` something that can be dragged. */
  source: (name: string) => object;
  /** What makes `name` a place where another may be dropped. */
  target: (name: string) => object;
  /** The class that shows on which side of `name` the other would come to stand; empty: on none. */
  mark: (name: string) => string;
}

/** Drags one of `names`, which stand in this order, to the place of another. */
export function useDragging(names: readonly string[], move: (name: string, to: string) => void): Dragging {
  const [dragged, setDragged] = useState<string | undefined>(undefined);
  const [over, setOver] = useState<string | undefined>(undefined);
  const end = (): void => {
    setDragged(undefined);
    setOver(undefined);
  };
  return {
    source: name => ({
      draggable: true,
      onDragStart: (event: DragEvent) => {
        event.dataTransfer?.setData('text/plain', name);
        setDragged(name);
      },
      onDragEnd: end,
    }),
    target: name => ({
      onDragOver: (event: DragEvent) => {
        if (dragged === undefined) return;
        event.preventDefault();
        setOver(name);
      },
      onDrop: (event: DragEvent) => {
        event.preventDefault();
        if (dragged !== undefined && dragged !== name) move(dragged, name);
        end();
      },
    }),
    mark: name => {
      if (dragged === undefined || over !== name || over === dragged) return '';
      return names.indexOf(name) < names.indexOf(dragged) ? 'drop-before' : 'drop-behind';
    },
  };
}
