/** A title and what belongs below it come in; a dialog goes out that keeps the focus, and gives it back when it is gone. */
import { Modal, type ModalProps } from '@mantine/core';
import { useEffect } from 'react';

type DialogProps = Pick<ModalProps, 'title' | 'onClose' | 'size' | 'closeOnClickOutside' | 'children'>;

/** Render it only while it is open: then nothing of what was typed stays, and no closing of the library's own gives the focus back. */
export function Dialog({ children, ...rest }: DialogProps) {
  return (
    <Modal
      {...rest}
      opened
      returnFocus={false}
      centered
      lockScroll={false}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <FocusReturn />
      {children}
    </Modal>
  );
}

function FocusReturn() {
  useEffect(() => {
    // Not in the dialog yet.
    const { activeElement: before } = document;
    return () => (before instanceof HTMLElement ? before.focus() : undefined);
  }, []);
  return null;
}
