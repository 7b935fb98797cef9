// SPDX-License-Identifier: Apache-2.0
/* To a colleague who is there, or back to the queue. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Agent } from "../shared/wire";
import { useDesk, useDeskState } from "./hooks";
import { Icon } from "./icons";
import { Dialog } from "./parts";
import { Avatar } from "./presence";
import { isolated } from "./words";

export function TransferDialog({ conversation, onClose }: { conversation: number; onClose: () => void }): JSX.Element {
	const desk = useDesk();
	const agents = useDeskState((state) => state.agents);
	const you = useDeskState((state) => state.you?.id);
	const [isBusy, setBusy] = useState(false);
	const others = agents.filter(({ id, status }) => id !== you && status !== "offline");
	const send = async (to: Agent | null): Promise<void> => {
		setBusy(true);
		const isDone = await desk.attempt(
			{ type: "transfer", conversation, ...(to ? { agent: to.id } : { queue: true as const }) },
			to ? `${isolated(to.name)} has it now.` : "It waits in the queue now.",
		);
		setBusy(false);
		if (isDone) onClose();
	};
	return (
		<Dialog title="Transfer" onClose={onClose}>
			<ul class="people">
				{others.map((agent) => (
					<li key={agent.id}>
						<button type="button" class="menu-item" disabled={isBusy} onClick={() => void send(agent)}>
							<Avatar name={agent.name} status={agent.status} />
							<span><b dir="auto">{agent.name}</b><small>{agent.status === "available" ? "Available" : "Away"}, has {agent.load} of {agent.capacity}</small></span>
						</button>
					</li>
				))}
				<li>
					<button type="button" class="menu-item" disabled={isBusy} onClick={() => void send(null)}>
						<span class="avatar"><Icon name="inbox" /></span>
						<span><b>Back to the queue</b><small>Whoever is free takes it</small></span>
					</button>
				</li>
			</ul>
			{others.length === 0 && <p class="soft">No colleague is signed in right now.</p>}
		</Dialog>
	);
}
