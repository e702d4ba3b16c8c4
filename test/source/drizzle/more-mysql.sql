CREATE TABLE `eggs` (
	`id` int NOT NULL,
	`hen_id` bigint NOT NULL,
	`second_hen` bigint,
	`buyer_id` int,
	CONSTRAINT `eggs_id` PRIMARY KEY(`id`)
);

--> statement-breakpoint
CREATE TABLE `hens` (
	`id` bigint NOT NULL,
	`egg_id` int,
	CONSTRAINT `hens_id` PRIMARY KEY(`id`)
);

--> statement-breakpoint
CREATE TABLE `leaves` (
	`tenant_id` int NOT NULL,
	`node_key` varchar(20) NOT NULL,
	`state` enum('open','done') DEFAULT 'open',
	`nickname` varchar(20),
	`twin_id` bigint,
	`is_done` boolean,
	CONSTRAINT `leaves_tenant_id_node_key_pk` PRIMARY KEY(`tenant_id`,`node_key`),
	CONSTRAINT `one twin` UNIQUE(`twin_id`),
	CONSTRAINT `leaves_nickname_state_unique` UNIQUE(`nickname`,`state`)
);

--> statement-breakpoint
CREATE TABLE `nodes` (
	`tenant_id` int NOT NULL,
	`node_key` varchar(20) NOT NULL,
	`parent tenant` int,
	`parent_key` varchar(20),
	`deleted_at` timestamp,
	CONSTRAINT `node pk` PRIMARY KEY(`tenant_id`,`node_key`)
);

--> statement-breakpoint
CREATE TABLE `my_tenants` (
	`id` int NOT NULL,
	CONSTRAINT `my_tenants_id` PRIMARY KEY(`id`)
);

--> statement-breakpoint
ALTER TABLE `eggs` ADD CONSTRAINT `eggs_hen_id_hens_id_fk` FOREIGN KEY (`hen_id`) REFERENCES `hens`(`id`) ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE `eggs` ADD CONSTRAINT `eggs_second_hen_hens_id_fk` FOREIGN KEY (`second_hen`) REFERENCES `hens`(`id`) ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE `hens` ADD CONSTRAINT `hens_egg_id_eggs_id_fk` FOREIGN KEY (`egg_id`) REFERENCES `eggs`(`id`) ON DELETE set null ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE `leaves` ADD CONSTRAINT `leaves_tenant_id_node_key_nodes_tenant_id_node_key_fk` FOREIGN KEY (`tenant_id`,`node_key`) REFERENCES `nodes`(`tenant_id`,`node_key`) ON DELETE restrict ON UPDATE cascade;
--> statement-breakpoint
ALTER TABLE `nodes` ADD CONSTRAINT `nodes_tenant_id_my_tenants_id_fk` FOREIGN KEY (`tenant_id`) REFERENCES `my_tenants`(`id`) ON DELETE no action ON UPDATE restrict;
--> statement-breakpoint
ALTER TABLE `nodes` ADD CONSTRAINT `node parent` FOREIGN KEY (`parent tenant`,`parent_key`) REFERENCES `nodes`(`tenant_id`,`node_key`) ON DELETE cascade ON UPDATE set null;
--> statement-breakpoint
CREATE INDEX `by parent` ON `nodes` (`parent tenant`,`parent_key`);
