import type { ComponentType, VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';

/** A component of a script of its own, which is fetched when it is first shown. */
export function later<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
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
    if (!failed) return <p class="awaited">Loading…</p>;
    return (
      <p class="awaited" role="alert">
        This part of the page did not arrive.{' '}
        <button type="button" onClick={start}>
          Try again
        </button>
      </p>
    );
  };
}
