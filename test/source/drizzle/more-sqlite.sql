CREATE TABLE `eggs` (
	`id` integer PRIMARY KEY NOT NULL,
	`hen_id` integer NOT NULL,
	`second_hen` integer,
	`buyer_id` integer,
	FOREIGN KEY (`hen_id`) REFERENCES `hens`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`second_hen`) REFERENCES `hens`(`id`) ON UPDATE no action ON DELETE cascade
);

--> statement-breakpoint
CREATE TABLE `hens` (
	`id` integer PRIMARY KEY NOT NULL,
	`egg_id` integer,
	FOREIGN KEY (`egg_id`) REFERENCES `eggs`(`id`) ON UPDATE set default ON DELETE set null
);

--> statement-breakpoint
CREATE TABLE `leaves` (
	`tenant_id` integer NOT NULL,
	`node_key` text NOT NULL,
	`state` text DEFAULT 'open',
	`nickname` text,
	`twin_id` integer,
	`is_done` integer,
	PRIMARY KEY(`tenant_id`, `node_key`),
	FOREIGN KEY (`tenant_id`,`node_key`) REFERENCES `nodes`(`tenant_id`,`node_key`) ON UPDATE cascade ON DELETE restrict
);

--> statement-breakpoint
CREATE UNIQUE INDEX `one twin` ON `leaves` (`twin_id`);
--> statement-breakpoint
CREATE UNIQUE INDEX `one lower` ON `leaves` (lower(nickname));
--> statement-breakpoint
CREATE UNIQUE INDEX `leaves_nickname_state_unique` ON `leaves` (`nickname`,`state`);
--> statement-breakpoint
CREATE TABLE `nodes` (
	`tenant_id` integer NOT NULL,
	`node_key` text NOT NULL,
	`parent tenant` integer,
	`parent_key` text,
	`deleted_at` integer,
	PRIMARY KEY(`tenant_id`, `node_key`),
	FOREIGN KEY (`tenant_id`) REFERENCES `my_tenants`(`id`) ON UPDATE restrict ON DELETE no action,
	FOREIGN KEY (`parent tenant`,`parent_key`) REFERENCES `nodes`(`tenant_id`,`node_key`) ON UPDATE set null ON DELETE cascade
);

--> statement-breakpoint
CREATE UNIQUE INDEX `one live` ON `nodes` (`node_key`) WHERE deleted_at is null;
--> statement-breakpoint
CREATE INDEX `by parent` ON `nodes` (`parent tenant`,`parent_key`);
--> statement-breakpoint
CREATE TABLE `my_tenants` (
	`id` integer PRIMARY KEY NOT NULL
);
