/** A connector's parsed files come in; where its parts stand, as `folder/file:line:column`, goes out. */
import type { Source, SourceFile } from '../definition/source.ts';

type Steps = readonly (string | number)[];

export interface Places {
  /** Of a method by its key; undefined for one that no file has. */
  method(key: string, part?: Steps): string | undefined;
  /** Of a part of connector.yaml. */
  connector(...steps: Steps): string | undefined;
  /** Of a part of conformance.yaml. */
  conformance(...steps: Steps): string | undefined;
  file(path: string): string;
}

/** `folder` is named as the user would write it. */
export function createPlaces(source: Source, folder: string): Places {
  const prefix = folder.replace(/\/$/, '');
  const placeIn = (file: SourceFile | undefined, steps: Steps): string | undefined => {
    if (!file) return undefined;
    const { line, column } = file.position(steps, 'key');
    return `${prefix}/${file.path}:${line}:${column}`;
  };
  const fileAt = (path: string) => source.files.find((file) => file.path === path);
  return {
    method: (key, part = []) => {
      const [category = '', name = ''] = key.split('.');
      const file = source.files.find(({ kind, data }) => {
        if (kind !== 'methods' || typeof data !== 'object' || data === null) return false;
        const methods = data as { readonly key?: unknown; readonly methods?: object };
        return methods.key === category && Object.hasOwn(methods.methods ?? {}, name);
      });
      return placeIn(file, ['methods', name, ...part]);
    },
    connector: (...steps) => placeIn(fileAt('connector.yaml'), steps),
    conformance: (...steps) => placeIn(fileAt('conformance.yaml'), steps),
    file: (path) => `${prefix}/${path}`,
  };
}
