/** A way to load a page comes in; a component goes out that loads it when it is rendered, or before, when told to. */
import { type ComponentType, lazy, useState } from 'react';

interface PageModule<Props> {
  readonly default: ComponentType<Props>;
}

export type LazyPage<Props = object> = ComponentType<Props> & {
  /** Loads it ahead. A failure is told when the page is rendered. */
  readonly preload: () => void;
};

/**
 * Like `lazy`, but what has been loaded ahead is rendered at once: React holds a placeholder that it has shown for 300 ms,
 * however fast the page comes after it.
 */
export function lazyPage<Props extends object>(load: () => Promise<PageModule<Props>>): LazyPage<Props> {
  let loaded: ComponentType<Props> | undefined;
  const loadAndKeep = async () => {
    const module = await load();
    loaded = module.default;
    return module;
  };
  const Later = lazy(loadAndKeep) as unknown as ComponentType<Props>;
  function Page(props: Props) {
    // Chosen once: the other one would begin anew.
    const [Chosen] = useState<ComponentType<Props>>(() => loaded ?? Later);
    return <Chosen {...props} />;
  }
  const preload = () => void loadAndKeep().catch(() => undefined);
  return Object.assign(Page, { preload });
}
