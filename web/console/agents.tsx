// SPDX-License-Identifier: Apache-2.0
/* Who may sign in; the owner adds and removes. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Agent } from "../shared/wire";
import * as api from "./api";
import { useDesk, useDeskState } from "./hooks";
import { Button, Dialog, Field, Select } from "./parts";
import { rulesOf } from "./password";
import { Avatar } from "./presence";
import { isolated } from "./words";

function AddDialog({ onClose, onDone }: { onClose: () => void; onDone: () => void }): JSX.Element {
	const desk = useDesk();
	const [name, setName] = useState("");
	const [password, setPassword] = useState("");
	const [role, setRole] = useState<"agent" | "owner">("agent");
	const [problem, setProblem] = useState("");
	const submit = async (event: Event): Promise<void> => {
		event.preventDefault();
		const missing = rulesOf(name, password).find(({ isKept }) => !isKept);
		if (missing) return setProblem(`The password: ${missing.rule.toLowerCase()}.`);
		try {
			await api.addAgent(name.trim(), role, password);
			desk.tell(`${isolated(name.trim())} can sign in now.`, "good");
			onDone();
			onClose();
		} catch (error) {
			setProblem(error instanceof Error ? error.message : String(error));
		}
	};
	return (
		<Dialog title="Add an agent" onClose={onClose}>
			<form onSubmit={(event) => void submit(event)}>
				<Field label="Name" value={name} onInput={setName} required maxLength={40} hint="Visitors see it in the chat." />
				<Select label="Role" value={role} onChange={setRole} options={[["agent", "Agent: answers visitors"], ["owner", "Owner: this and everything else"]] as const} />
				<Field label="First password" type="password" value={password} onInput={setPassword} autocomplete="new-password" required hint="Tell it to them; they can change it." />
				<p class="form-problem" role="alert">{problem}</p>
				<footer><Button type="submit" kind="primary">Add</Button></footer>
			</form>
		</Dialog>
	);
}

function RemoveDialog({ agent, onClose, onDone }: { agent: Agent; onClose: () => void; onDone: () => void }): JSX.Element {
	const desk = useDesk();
	const remove = async (): Promise<void> => {
		try {
			await api.removeAgent(agent.id);
			desk.tell(`${isolated(agent.name)} is removed.`, "good");
			onDone();
			onClose();
		} catch (error) {
			desk.tell(error instanceof Error ? error.message : String(error), "bad");
		}
	};
	return (
		<Dialog title={`Remove ${isolated(agent.name)}?`} onClose={onClose}>
			<p><bdi>{agent.name}</bdi> is signed out at once and cannot sign in any more. What they wrote stays in the conversations.</p>
			<footer>
				<Button onClick={onClose}>Keep</Button>
				<Button kind="danger" onClick={() => void remove()}>Remove</Button>
			</footer>
		</Dialog>
	);
}

const STATUS_WORDS = { available: "Available", away: "Away", offline: "Not signed in" };

export function AgentsPage(): JSX.Element {
	const desk = useDesk();
	const you = useDeskState((state) => state.you?.id);
	const live = useDeskState((state) => state.agents);
	const [agents, setAgents] = useState<readonly Agent[]>(live);
	const [isAdding, setAdding] = useState(false);
	const [removing, setRemoving] = useState<Agent | null>(null);
	const load = (): void => {
		api.agents().then((page) => setAgents(page.agents), (error: Error) => desk.tell(error.message, "bad"));
	};
	useEffect(load, [live]);
	return (
		<main class="page">
			<div class="page-head">
				<h1>Agents</h1>
				<Button kind="primary" icon="plus" onClick={() => setAdding(true)}>Add an agent</Button>
			</div>
			<ul class="panel people-list">
				{agents.map((agent) => {
					const now = live.find(({ id }) => id === agent.id) ?? agent;
					return (
						<li key={agent.id}>
							<Avatar name={agent.name} status={now.status} />
							<span class="person-name"><b><bdi>{agent.name}</bdi>{agent.id === you ? " (you)" : ""}</b><small>{STATUS_WORDS[now.status]}{now.status === "offline" ? "" : `, has ${now.load} of ${now.capacity}`}</small></span>
							<span class="chip">{agent.role === "owner" ? "Owner" : "Agent"}</span>
							{agent.id !== you && <Button kind="quiet" icon="trash" label={`Remove ${agent.name}`} onClick={() => setRemoving(agent)} />}
						</li>
					);
				})}
			</ul>
			{isAdding && <AddDialog onClose={() => setAdding(false)} onDone={load} />}
			{removing && <RemoveDialog agent={removing} onClose={() => setRemoving(null)} onDone={load} />}
		</main>
	);
}
