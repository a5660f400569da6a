/** Nothing comes in; the look of every component goes out: one accent colour, calm greys, small radii, a clear type scale. */
import {
  ActionIcon,
  Alert,
  Anchor,
  Badge,
  Button,
  Card,
  type CSSVariablesResolver,
  createTheme,
  Fieldset,
  Input,
  type MantineColorsTuple,
  Menu,
  NavLink,
  Paper,
  Tooltip,
} from '@mantine/core';

/** Indigo; 6 is the button, with white text at 6.6:1. */
const accent: MantineColorsTuple = [
  ...(['#eef1fe', '#dce1fb', '#b7c1f6', '#8f9ff0', '#6e82ea'] as const),
  ...(['#5467de', '#3f51d1', '#3443b4', '#2a3792', '#1f2a72'] as const),
];

/** Neutral with a breath of blue; text on the ground keeps 4.5:1 in both schemes. */
const gray: MantineColorsTuple = [
  ...(['#f8f9fb', '#f1f3f6', '#e6e9ee', '#d8dce3', '#c0c6d0'] as const),
  ...(['#99a1ae', '#626b7a', '#4a5261', '#333a47', '#1d222c'] as const),
];

const dark: MantineColorsTuple = [
  ...(['#e3e6ec', '#c3c8d2', '#a0a7b5', '#717a8a', '#3d4453'] as const),
  ...(['#2c323e', '#20252f', '#171b23', '#12151c', '#0d1016'] as const),
];

/** For what waits for somebody; the library's yellow is too bright to be read on its own tint. */
const amber: MantineColorsTuple = [
  ...(['#fff9eb', '#fdf0cd', '#f9dd99', '#f4c75e', '#e9b13a'] as const),
  ...(['#cf931a', '#a97410', '#875b0c', '#70490a', '#5a3a07'] as const),
];

/** For what works; darker at the end than the library's. */
const teal: MantineColorsTuple = [
  ...(['#e9f9f3', '#cdf1e3', '#9fe3ca', '#69d0ac', '#38b98d'] as const),
  ...(['#1a9d72', '#0f805c', '#0b6a4d', '#085a41', '#064733'] as const),
];

export const theme = createTheme({
  primaryColor: 'accent',
  primaryShade: { light: 6, dark: 5 },
  colors: { accent, gray, dark, amber, teal },
  defaultRadius: 'md',
  radius: { xs: '4px', sm: '6px', md: '8px', lg: '12px', xl: '16px' },
  // What each system reads best; no font is loaded.
  fontFamily:
    'Inter, -apple-system, BlinkMacSystemFont, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace',
  fontSizes: { xs: '0.75rem', sm: '0.875rem', md: '0.9375rem', lg: '1.0625rem', xl: '1.25rem' },
  headings: {
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '1.75rem', lineHeight: '1.25' },
      h2: { fontSize: '1.375rem', lineHeight: '1.3' },
      h3: { fontSize: '1.0625rem', lineHeight: '1.4' },
      h4: { fontSize: '0.9375rem', lineHeight: '1.4' },
    },
  },
  focusRing: 'auto',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Alert: Alert.extend({ defaultProps: { radius: 'md' } }),
    ActionIcon: ActionIcon.extend({ defaultProps: { radius: 'sm' } }),
    Anchor: Anchor.extend({ defaultProps: { underline: 'always' } }),
    Badge: Badge.extend({
      defaultProps: { radius: 'sm', tt: 'none', fw: 500 },
      // In a narrow column it would shrink to its icon.
      styles: { root: { minWidth: 'max-content' } },
    }),
    Button: Button.extend({
      defaultProps: { fw: 500 },
      // The library's compact ones touch their text.
      vars: (_, { size = '' }) => ({
        root: String(size).startsWith('compact')
          ? { '--button-height': '28px', '--button-padding-x': '10px' }
          : {},
      }),
    }),
    Card: Card.extend({ defaultProps: { withBorder: true, padding: 'lg' } }),
    Fieldset: Fieldset.extend({ defaultProps: { radius: 'md' } }),
    InputWrapper: Input.Wrapper.extend({
      defaultProps: { labelProps: { fw: 500, mb: 2 }, descriptionProps: { mb: 6 } },
    }),
    Menu: Menu.extend({ defaultProps: { shadow: 'md' } }),
    NavLink: NavLink.extend({ defaultProps: { variant: 'light' } }),
    Paper: Paper.extend({ defaultProps: { radius: 'md' } }),
    Tooltip: Tooltip.extend({ defaultProps: { events: { hover: true, focus: true, touch: true } } }),
  },
});

/** The few colours that differ from the library's own: quieter grounds, and texts that keep 4.5:1 on them. */
export const cssVariables: CSSVariablesResolver = ({ colors, white }) => {
  const { gray: g = gray, dark: d = dark, red = gray } = colors;
  return {
    variables: {},
    light: {
      ...{ '--ground': g[0], '--surface': white, '--quiet': g[1], '--line': g[2] },
      ...{
        '--mantine-color-dimmed': g[6],
        '--mantine-color-placeholder': g[6],
        '--mantine-color-text': g[9],
      },
      '--mantine-color-error': red[9],
    },
    dark: {
      ...{ '--ground': d[8], '--surface': d[7], '--quiet': d[6], '--line': d[5] },
      ...{
        '--mantine-color-dimmed': d[2],
        '--mantine-color-placeholder': d[2],
        '--mantine-color-text': d[0],
      },
      ...{ '--mantine-color-error': red[4], '--mantine-color-body': d[7] },
      ...{ '--mantine-color-gray-light': d[5], '--mantine-color-gray-light-color': d[0] },
      ...tintsOf('accent', accent),
      ...tintsOf('teal', teal),
      ...tintsOf('amber', amber),
      ...tintsOf('red', red),
    },
  };
};

/** Light badges and notices in the dark: a breath of the colour below a bright text. */
const tintsOf = (name: string, shades: readonly string[]) => ({
  [`--mantine-color-${name}-light`]: `color-mix(in srgb, ${shades[5]} 18%, transparent)`,
  [`--mantine-color-${name}-light-color`]: shades[3] ?? '',
});
