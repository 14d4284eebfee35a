import { Fragment, type ComponentChildren, type ComponentType, type VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';

/** A component of a script of its own, which is fetched when it is first shown; `Frame` is around what is shown meanwhile. */
export function later<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  Frame: ComponentType<{ children: ComponentChildren }> = Fragment,
): (props: Props) => VNode {
  let loaded: ComponentType<Props> | undefined;
  return function Later(props: Props): VNode {
    // Its own, for one that arrives for another place behind this drawing would draw nothing here.
    const [Part, setPart] = useState<ComponentType<Props> | undefined>(() => loaded);
    const [failed, setFailed] = useState(false);
    const start = (): void => {
      setFailed(false);
      load().then(
        component => {
          loaded = component;
          setPart(() => component);
        },
        () => setFailed(true),
      );
    };
    useEffect(() => {
      if (!Part) start();
    }, []);
    if (Part) return <Part {...props} />;
    return <Frame>{failed ? <Failed onAgain={start} /> : <p class="awaited">Loading…</p>}</Frame>;
  };
}

function Failed({ onAgain }: { onAgain: () => void }): VNode {
  return (
    <p class="awaited" role="alert">
      This part of the page did not arrive.{' '}
      <button type="button" onClick={onAgain}>
        Try again
      </button>
    </p>
  );
}
