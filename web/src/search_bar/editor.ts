import {
  acceptCompletion,
  autocompletion,
  closeCompletion,
  completionKeymap,
  completionStatus,
  moveCompletionSelection,
  selectedCompletion,
  type CompletionContext,
  type CompletionResult,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { EditorState, Prec, RangeSetBuilder, StateEffect, StateField, Transaction } from '@codemirror/state';
import {
  Decoration,
  EditorView,
  highlightSpecialChars,
  keymap,
  ViewPlugin,
  type DecorationSet,
  type ViewUpdate,
} from '@codemirror/view';
import { LatestOnly } from '../api/client';
import { suggest } from '../api/suggest';
import { byteOfIndex } from '../query_text/byte_offset';
import type { Token } from '../query_text/tokens';
import type { Syntax } from '../state/ask';
import { visibleString } from '../ui/visible_text';
import { entriesOf, kMostEntries, type Entry } from './completion';

/** What the editor needs of the page around it. */
export interface EditorHost {
  text: string;
  /** What is selected of it at first, from one place up to another. */
  selection: readonly [number, number];
  hint: string;
  syntax: () => Syntax;
  tokens: (text: string) => Token[];
  onChange: (text: string) => void;
  onSubmit: () => void;
  /** The query before (1) or behind (-1) in the history. */
  onRecall: (by: 1 | -1, shown: string) => string | undefined;
}

/** The part of the text that the server does not understand, from `begin` up to `end`. */
export interface Wrong {
  begin: number;
  end: number;
}

/** The editor as the search bar uses it. */
export interface QueryEditor {
  setText: (text: string) => void;
  setWrong: (wrong: Wrong | undefined) => void;
  /** Colours the text anew: its language is another. */
  refresh: () => void;
  focus: () => void;
  destroy: () => void;
}

/** Longer texts are not coloured. */
const kLongestColoured = 20_000;
const kDebounceMs = 120;

const setWrong = StateEffect.define<Wrong | undefined>();
const recolour = StateEffect.define<null>();

const kWrongMark = Decoration.mark({ class: 'query-wrong' });

const wrongField = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update: (marks, transaction) => {
    for (const effect of transaction.effects) {
      if (!effect.is(setWrong)) continue;
      const length = transaction.newDoc.length;
      const end = Math.min(effect.value?.end ?? 0, length);
      const begin = Math.min(effect.value?.begin ?? 0, Math.max(end - 1, 0));
      return end > begin ? Decoration.set([kWrongMark.range(begin, end)]) : Decoration.none;
    }
    return transaction.docChanged ? Decoration.none : marks;
  },
  provide: field => EditorView.decorations.from(field),
});

function colours(tokens: EditorHost['tokens']) {
  const marksOf = (view: EditorView): DecorationSet => {
    const builder = new RangeSetBuilder<Decoration>();
    const text = view.state.doc.toString();
    if (text.length > kLongestColoured) return Decoration.none;
    for (const { kind, begin, end } of tokens(text)) {
      builder.add(begin, end, Decoration.mark({ class: `query-${kind}` }));
    }
    return builder.finish();
  };
  return ViewPlugin.fromClass(
    class {
      decorations: DecorationSet;
      constructor(view: EditorView) {
        this.decorations = marksOf(view);
      }
      update(update: ViewUpdate): void {
        const asked = update.transactions.some(one => one.effects.some(effect => effect.is(recolour)));
        if (update.docChanged || asked) this.decorations = marksOf(update.view);
      }
    },
    { decorations: plugin => plugin.decorations },
  );
}

/** What stands at the cursor, as the server knows it; a new request aborts the one before. */
function completionSource(host: EditorHost, latest: LatestOnly) {
  return async (context: CompletionContext): Promise<CompletionResult | null> => {
    const text = context.state.doc.toString();
    const cursor = byteOfIndex(text, context.pos);
    const signal = latest.next();
    context.addEventListener('abort', () => latest.abort(), { onDocChange: true });
    const asked = { text, cursor, syntax: host.syntax(), size: kMostEntries };
    // Suggestions are a help; what is wrong shows when the query is run.
    const suggestions = await suggest(asked, signal).catch(() => undefined);
    if (!suggestions || context.aborted) return null;
    const { begin, end, entries } = entriesOf(suggestions, text, host.syntax());
    const typed = text.slice(begin, context.pos);
    if (entries.every(entry => entry.text === typed) || (typed === '' && !context.explicit && begin === 0))
      return null;
    return { from: begin, to: end, filter: false, options: entries.map(optionOf) };
  };
}

function optionOf({ label, detail, text, kind }: Entry) {
  return {
    label,
    detail,
    type: kind,
    apply: (view: EditorView, _: unknown, from: number, to: number): void => {
      view.dispatch({
        changes: { from, to, insert: text },
        selection: { anchor: from + text.length },
        userEvent: 'input.complete',
      });
    },
  };
}

function isInFirstLine({ state }: EditorView): boolean {
  const { head, empty } = state.selection.main;
  return empty && state.doc.lineAt(head).number === 1;
}

function isInLastLine({ state }: EditorView): boolean {
  const { head, empty } = state.selection.main;
  return empty && state.doc.lineAt(head).number === state.doc.lines;
}

function replaceAll(view: EditorView, text: string): void {
  view.dispatch({
    changes: { from: 0, to: view.state.doc.length, insert: text },
    selection: { anchor: text.length },
    annotations: Transaction.userEvent.of('recall'),
  });
}

function keys(host: EditorHost) {
  const recall = (by: 1 | -1) => (view: EditorView) => {
    if (completionStatus(view.state) !== null && selectedCompletion(view.state)) return false;
    if (!(by === 1 ? isInFirstLine(view) : isInLastLine(view))) return false;
    const text = host.onRecall(by, view.state.doc.toString());
    if (text === undefined) return false;
    closeCompletion(view);
    replaceAll(view, text);
    return true;
  };
  /** Down goes into the open list, as in every list; up leaves it only at its beginning. */
  const down = (view: EditorView): boolean =>
    completionStatus(view.state) === 'active' ? moveCompletionSelection(true)(view) : recall(-1)(view);
  const take = (view: EditorView): boolean => {
    if (completionStatus(view.state) !== 'active') return false;
    if (!selectedCompletion(view.state)) moveCompletionSelection(true)(view);
    return acceptCompletion(view);
  };
  const run = (view: EditorView): boolean => {
    if (selectedCompletion(view.state) && acceptCompletion(view)) return true;
    closeCompletion(view);
    host.onSubmit();
    return true;
  };
  return Prec.highest(
    keymap.of([
      { key: 'Enter', run },
      { key: 'Tab', run: take },
      { key: 'ArrowUp', run: recall(1) },
      { key: 'ArrowDown', run: down },
    ]),
  );
}

function nonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';
}

/**
 * Writes over what is selected. Left to it, Chromium would keep the colours of the text before by an inline style,
 * which the page's policy refuses and reports.
 */
function replaceSelected(event: InputEvent, view: EditorView): boolean {
  const { data, inputType } = event;
  if (inputType !== 'insertText' || !data || view.composing || view.state.selection.main.empty) return false;
  view.dispatch(view.state.replaceSelection(data), { userEvent: 'input.type', scrollIntoView: true });
  event.preventDefault();
  return true;
}

function state(host: EditorHost, latest: LatestOnly): EditorState {
  const [anchor, head] = host.selection;
  return EditorState.create({
    doc: host.text,
    selection: { anchor, head },
    extensions: [
      EditorView.cspNonce.of(nonce()),
      EditorView.contentAttributes.of({
        id: 'query',
        role: 'combobox',
        'aria-label': 'Query',
        'aria-description': host.hint,
        spellcheck: 'false',
        autocapitalize: 'off',
        autocorrect: 'off',
      }),
      EditorView.contentAttributes.of(({ state: now }) => ({
        'aria-expanded': String(completionStatus(now) === 'active'),
      })),
      EditorView.domEventHandlers({ beforeinput: replaceSelected }),
      EditorView.lineWrapping,
      history(),
      highlightSpecialChars({
        addSpecialChars: /[\p{Cf}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu,
        render: code => {
          const mark = document.createElement('span');
          mark.className = 'unseen';
          mark.textContent = visibleString(String.fromCodePoint(code)).replace(/[⟨⟩]/g, '');
          return mark;
        },
      }),
      keys(host),
      keymap.of([...completionKeymap, ...historyKeymap, ...defaultKeymap]),
      autocompletion({
        override: [completionSource(host, latest)],
        activateOnTypingDelay: kDebounceMs,
        updateSyncTime: 0,
        selectOnOpen: false,
        // Nothing is selected as it opens, so no key can take what nobody has seen.
        interactionDelay: 0,
        icons: false,
        defaultKeymap: false,
        maxRenderedOptions: kMostEntries,
        tooltipClass: () => 'query-completion',
      }),
      wrongField,
      colours(host.tokens),
      EditorView.updateListener.of(update => {
        if (update.docChanged) host.onChange(update.state.doc.toString());
      }),
    ],
  });
}

/** Puts the editor into `parent`. */
export function openEditor(parent: HTMLElement, host: EditorHost): QueryEditor {
  const latest = new LatestOnly();
  const view = new EditorView({ parent, state: state(host, latest) });
  // The library says it of every editor; Enter asks here, and a combobox may not have it.
  view.contentDOM.removeAttribute('aria-multiline');
  return {
    setText: text => {
      if (view.state.doc.toString() !== text) replaceAll(view, text);
    },
    setWrong: wrong => view.dispatch({ effects: setWrong.of(wrong) }),
    refresh: () => view.dispatch({ effects: recolour.of(null) }),
    focus: () => view.focus(),
    destroy: () => {
      latest.abort();
      view.destroy();
    },
  };
}
