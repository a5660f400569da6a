import { describe, expect, it } from 'vitest';
import { asFields, likeField } from '../../src/sandbox/like-field.ts';

describe('a name that a request writes otherwise', () => {
  it('means nothing where several fields are as near, or none', () => {
    expect(likeField('FriendlyName', { friendly_name: 1, friendlyName: 1 })).toBeUndefined();
    expect(likeField('Name', { title: 1 })).toBeUndefined();
  });

  it('is the field of that name before all others', () => {
    expect(likeField('Name', { name: 1, Name: 1 })).toBe('Name');
    expect(likeField('FriendlyName', { 'friendly-name': 1 })).toBe('friendly-name');
  });

  it('does not take the place of what was given by the right name', () => {
    expect(asFields({ Name: 'a', name: 'b', Other: 1 }, { name: 1 })).toEqual({ name: 'b', Other: 1 });
    expect(asFields({ Name: 'a' }, undefined)).toEqual({ Name: 'a' });
  });
});
