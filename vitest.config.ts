import { defineConfig } from 'vitest/config';

const browser = 'test/e2e/**/*.test.ts';
const common = { testTimeout: 20_000, hookTimeout: 20_000 };

export default defineConfig({
  test: {
    reporters: ['default', './test/helpers/closing-line.ts'],
    projects: [
      {
        test: {
          ...common,
          name: 'node',
          include: ['test/**/*.test.ts'],
          exclude: [browser],
          // Many tests wait for processes and sockets: the core that vitest leaves to its main process would idle.
          maxWorkers: '100%',
          sequence: { groupOrder: 0 },
        },
      },
      {
        // A browser takes a core for itself.
        test: { ...common, name: 'browser', include: [browser], maxWorkers: 1, sequence: { groupOrder: 1 } },
      },
    ],
  },
});
