// What was, and what was undone: whole states, as text. A run of changes to the same control is one step.

const MOST = 200;

export class History {
  constructor(state) {
    this.now = JSON.stringify(state);
    this.past = [];
    this.future = [];
    this.control = null;
  }

  push(state, control = null) {
    const text = JSON.stringify(state);
    if (text === this.now) return;
    if (control === null || control !== this.control) {
      this.past.push(this.now);
      if (this.past.length > MOST) this.past.shift();
    }
    this.now = text;
    this.future = [];
    this.control = control;
  }

  // The control was let go: the next change of it is a step of its own.
  settle() {
    this.control = null;
  }

  step(from, to) {
    if (!from.length) return null;
    to.push(this.now);
    this.now = from.pop();
    this.control = null;
    return JSON.parse(this.now);
  }

  undo() {
    return this.step(this.past, this.future);
  }

  redo() {
    return this.step(this.future, this.past);
  }
}
