// SPDX-License-Identifier: Apache-2.0
/* The small parts that all views are made of. */
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { FaceIcon, Icon, type IconName } from "./icons";
import { moodOf } from "./words";
import type { Summary } from "../shared/wire";

interface ButtonProps {
	children?: ComponentChildren;
	icon?: IconName;
	kind?: "primary" | "plain" | "quiet" | "danger";
	/* For a button that shows only its icon; it is the tooltip too. */
	label?: string;
	onClick?: (event: MouseEvent) => void;
	onBlur?: () => void;
	disabled?: boolean;
	busy?: boolean;
	type?: "button" | "submit";
	pressed?: boolean;
	expanded?: boolean;
	keys?: string;
	class?: string;
}

export function Button(props: ButtonProps): JSX.Element {
	const { icon, kind = "plain", label, busy, children, keys } = props;
	const tip = label ? `${label}${keys ? ` (${keys})` : ""}` : keys ? `Shortcut: ${keys}` : undefined;
	return (
		<button
			type={props.type ?? "button"} class={`button ${kind}${children ? "" : " bare"} ${props.class ?? ""}`} title={tip}
			aria-label={children ? undefined : label} disabled={props.disabled || busy} aria-busy={busy || undefined}
			aria-pressed={props.pressed} aria-expanded={props.expanded} aria-keyshortcuts={keys} onClick={props.onClick} onBlur={props.onBlur}
		>
			{icon && <Icon name={icon} />}
			{children && <span>{children}</span>}
		</button>
	);
}

interface SureProps { icon: IconName; label: string; bare?: boolean; disabled?: boolean; onSure: () => void }

/* For what cannot be taken back: the first press asks, the second means it, but not that of a double click. */
export function SureButton({ icon, label, bare, disabled, onSure }: SureProps): JSX.Element {
	const [isAsking, setAsking] = useState(false);
	const press = (event: MouseEvent): void => {
		if (!isAsking) setAsking(true);
		else if (event.detail < 2) onSure();
	};
	return (
		<>
			<span class="hidden" role="status">{isAsking ? "Press again to do it; it cannot be undone." : ""}</span>
			<Button kind={isAsking ? "danger" : bare ? "quiet" : "plain"} icon={icon} label={label} disabled={disabled} onClick={press} onBlur={() => setAsking(false)}>
				{isAsking ? `${label.split(" ")[0]} for good` : bare ? undefined : label}
			</Button>
		</>
	);
}

export function MoodBadge({ running, bare }: { running: number; bare?: boolean }): JSX.Element {
	const mood = moodOf(running);
	return (
		<span class={`mood ${mood.face}`} title={`Mood: ${mood.word.toLowerCase()}`}>
			<FaceIcon face={mood.face} />
			<span class={bare ? "hidden" : ""}>{mood.word}</span>
		</span>
	);
}

export function Trend({ summary, bare }: { summary: Summary; bare?: boolean }): JSX.Element | null {
	const { trend } = summary.mood;
	if (trend === "steady" || summary.closed) return null;
	return <span class={`chip ${trend}`} title={`Mood: ${trend}`}><Icon name={trend} small /><span class={bare ? "hidden" : ""}>{trend}</span></span>;
}

/* A share from 0 to 1 as a bar; `line` marks a threshold on it. Drawn, so that no style attribute is needed. */
export function Bar({ share, line, tone = "accent" }: { share: number; line?: number; tone?: "accent" | "muted" | "bad" }): JSX.Element {
	const at = (value: number): number => Math.max(0, Math.min(1, value)) * 100;
	return (
		<svg class={`bar ${tone}`} viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
			<rect class="ground" width="100" height="8" rx="2" />
			<rect class="fill" width={at(share)} height="8" rx="2" />
			{line !== undefined && <path class="mark" d={`M${at(line)} 0V8`} />}
		</svg>
	);
}

interface DialogProps { title: string; children: ComponentChildren; onClose: () => void; wide?: boolean }

/* A modal dialog of the browser's own: focus stays inside, Escape closes it, focus returns. */
export function Dialog({ title, children, onClose, wide }: DialogProps): JSX.Element {
	const box = useRef<HTMLDialogElement>(null);
	/* Where the pointer went down: a text that is selected across the edge closes nothing. */
	const pressed = useRef<EventTarget | null>(null);
	const id = useId();
	useEffect(() => {
		const before = document.activeElement;
		box.current?.showModal();
		return () => {
			if (before instanceof HTMLElement) before.focus();
		};
	}, []);
	return (
		<dialog
			ref={box} class={wide ? "dialog wide" : "dialog"} aria-labelledby={id} onClose={onClose}
			onPointerDown={(event) => {
				pressed.current = event.target;
			}}
			onClick={(event) => {
				if (event.target === box.current && pressed.current === box.current) box.current?.close();
			}}
		>
			<div class="dialog-in">
				<header>
					<h2 id={id}>{title}</h2>
					<Button kind="quiet" icon="cross" label="Close this" onClick={() => box.current?.close()} />
				</header>
				{children}
			</div>
		</dialog>
	);
}

interface MenuProps { label: string; icon?: IconName; children: ComponentChildren; class?: string; face?: ComponentChildren; up?: boolean }

/* A button that opens a panel beside it; Escape or a touch elsewhere closes it. */
export function Menu({ label, icon, children, face, up, ...props }: MenuProps): JSX.Element {
	const [isOpen, setOpen] = useState(false);
	const box = useRef<HTMLDivElement>(null);
	useEffect(() => {
		if (!isOpen) return;
		const away = (event: Event): void => {
			if (!box.current?.contains(event.target as Node)) setOpen(false);
		};
		addEventListener("pointerdown", away);
		addEventListener("focusin", away);
		return () => {
			removeEventListener("pointerdown", away);
			removeEventListener("focusin", away);
		};
	}, [isOpen]);
	const onKey = (event: KeyboardEvent): void => {
		if (event.key !== "Escape" || !isOpen) return;
		event.preventDefault();
		event.stopPropagation();
		setOpen(false);
		box.current?.querySelector<HTMLElement>("button")?.focus();
	};
	return (
		<div ref={box} class={`menu ${props.class ?? ""}`} onKeyDown={onKey}>
			<button
				type="button" class={face ? "face-button" : "button quiet bare"} aria-label={label} title={label} aria-expanded={isOpen}
				onClick={() => setOpen(!isOpen)}
			>
				{face ?? (icon && <Icon name={icon} />)}
			</button>
			{isOpen && (
				<div class={up ? "menu-panel up" : "menu-panel"} onClick={(event) => {
					if (!(event.target as HTMLElement).closest("[data-closes]")) return;
					setOpen(false);
					/* What opens next returns the focus here. */
					box.current?.querySelector<HTMLElement>("button")?.focus();
				}}>
					{children}
				</div>
			)}
		</div>
	);
}

export function MenuItem({ icon, children, onClick, keys }: {
	icon: IconName; children: ComponentChildren; onClick: () => void; keys?: string;
}): JSX.Element {
	return (
		<button type="button" class="menu-item" data-closes onClick={onClick} aria-keyshortcuts={keys}>
			<Icon name={icon} />
			<span>{children}</span>
			{keys && <kbd aria-hidden="true">{keys}</kbd>}
		</button>
	);
}

interface FieldProps {
	label: string;
	value: string;
	onInput: (value: string) => void;
	type?: "text" | "password";
	hint?: ComponentChildren;
	problem?: string;
	autocomplete?: string;
	required?: boolean;
	autofocus?: boolean;
	placeholder?: string;
	maxLength?: number;
}

export function Field(props: FieldProps): JSX.Element {
	const id = useId();
	const input = useRef<HTMLInputElement>(null);
	useEffect(() => {
		if (props.autofocus) input.current?.focus();
	}, []);
	const about = [props.hint ? `${id}-hint` : "", props.problem ? `${id}-problem` : ""].filter(Boolean).join(" ");
	const common = {
		ref: input, id, value: props.value, autocomplete: props.autocomplete ?? "off", required: props.required, placeholder: props.placeholder,
		maxLength: props.maxLength, "aria-describedby": about || undefined, "aria-invalid": props.problem ? true : undefined,
		onInput: (event: { currentTarget: HTMLInputElement }) => props.onInput(event.currentTarget.value),
	};
	return (
		<div class="field">
			<label for={id}>{props.label}</label>
			{props.type === "password" ? <input type="password" {...common} /> : <input type="text" dir="auto" {...common} />}
			{props.hint && <p class="hint" id={`${id}-hint`}>{props.hint}</p>}
			{props.problem && <p class="problem" id={`${id}-problem`}><Icon name="warn" small />{props.problem}</p>}
		</div>
	);
}

export function Select<T extends string>({ label, value, options, onChange, bare }: {
	label: string; value: T; options: readonly (readonly [T, string])[]; onChange: (value: T) => void; bare?: boolean;
}): JSX.Element {
	const id = useId();
	return (
		<div class={bare ? "field bare-select" : "field"}>
			<label for={id} class={bare ? "hidden" : ""}>{label}</label>
			<select id={id} value={value} onChange={(event) => onChange(event.currentTarget.value as T)}>
				{options.map(([name, word]) => <option key={name} value={name} selected={name === value}>{word}</option>)}
			</select>
		</div>
	);
}

export function Empty({ icon, title, children }: { icon: IconName; title: string; children?: ComponentChildren }): JSX.Element {
	return (
		<div class="empty">
			<span class="empty-icon"><Icon name={icon} /></span>
			<h2>{title}</h2>
			{children && <p>{children}</p>}
		</div>
	);
}

/* Web addresses in a plain text become links; everything else stays text. */
export function Text({ text }: { text: string }): JSX.Element {
	const parts = text.split(/(https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]])/g);
	return (
		<>
			{parts.map((part, i) => i % 2
				? <a key={i} href={part} target="_blank" rel="noopener noreferrer nofollow">{part}</a>
				: part)}
		</>
	);
}

/* Markdown that the engine rendered: safe to insert by contract. Nothing else may come here. */
export function EngineHtml({ html }: { html: string }): JSX.Element {
	return <div class="prose" dir="auto" dangerouslySetInnerHTML={{ __html: html }} />;
}
