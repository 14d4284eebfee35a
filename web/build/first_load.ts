import { gzipSync } from 'node:zlib';
import type { Rollup, Plugin } from 'vite';

/** Every script that the page needs before it can be used: the entries, and what they import at once. */
export function firstLoad(bundle: Rollup.OutputBundle): Rollup.OutputChunk[] {
  const found = new Map<string, Rollup.OutputChunk>();
  const visit = (name: string): void => {
    const chunk = bundle[name];
    if (chunk?.type !== 'chunk' || found.has(name)) return;
    found.set(name, chunk);
    chunk.imports.forEach(visit);
  };
  for (const [name, file] of Object.entries(bundle)) if (file.type === 'chunk' && file.isEntry) visit(name);
  return [...found.values()];
}

/** Fails the build when the scripts of the first load are larger than `limit` bytes, compressed. */
export function firstLoadBelow(limit: number): Plugin {
  return {
    name: 'first-load-below',
    apply: 'build',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const sizes = firstLoad(bundle).map(chunk => gzipSync(chunk.code, { level: 9 }).length);
        const total = sizes.reduce((sum, size) => sum + size, 0);
        if (total > limit) this.error(`expected at most ${limit} bytes of script at first, got ${total}`);
        this.info(`${total} bytes of script at first, compressed; ${limit} may be`);
      },
    },
  };
}
