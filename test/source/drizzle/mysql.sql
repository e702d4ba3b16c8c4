CREATE TABLE `events` (
	`id` int NOT NULL,
	`personId` int,
	CONSTRAINT `events_id` PRIMARY KEY(`id`)
);
--> statement-breakpoint
CREATE TABLE `letters` (
	`id` int NOT NULL,
	`recipient` varchar(80),
	`sender` varchar(80),
	`copy` varchar(80),
	`secretary` int DEFAULT 1,
	CONSTRAINT `letters_id` PRIMARY KEY(`id`)
);
--> statement-breakpoint
CREATE TABLE `shop_members` (
	`person` int NOT NULL,
	`task` int NOT NULL,
	CONSTRAINT `shop_members_person_task_pk` PRIMARY KEY(`person`,`task`)
);
--> statement-breakpoint
CREATE TABLE `people` (
	`id` int NOT NULL,
	`email` varchar(80) NOT NULL,
	`manager_id` int,
	CONSTRAINT `people_id` PRIMARY KEY(`id`),
	CONSTRAINT `people_email_unique` UNIQUE(`email`)
);
--> statement-breakpoint
CREATE TABLE `profiles` (
	`person_id` int NOT NULL,
	`bio` varchar(80),
	CONSTRAINT `profiles_person_id_unique` UNIQUE(`person_id`)
);
--> statement-breakpoint
CREATE TABLE `projects` (
	`tenant` int NOT NULL,
	`key` varchar(80) NOT NULL,
	`title` varchar(80),
	CONSTRAINT `projects_tenant_key_pk` PRIMARY KEY(`tenant`,`key`),
	CONSTRAINT `one_title` UNIQUE(`tenant`,`title`),
	CONSTRAINT `one_key` UNIQUE(`key`)
);
--> statement-breakpoint
CREATE TABLE `tasks` (
	`id` int NOT NULL,
	`tenant` int,
	`project` varchar(80),
	`watcher` int,
	CONSTRAINT `tasks_id` PRIMARY KEY(`id`)
);
--> statement-breakpoint
ALTER TABLE `events` ADD CONSTRAINT `events_personId_people_id_fk` FOREIGN KEY (`personId`) REFERENCES `people`(`id`) ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE `letters` ADD CONSTRAINT `letters_recipient_people_email_fk` FOREIGN KEY (`recipient`) REFERENCES `people`(`email`) ON DELETE restrict ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE `letters` ADD CONSTRAINT `letters_sender_people_email_fk` FOREIGN KEY (`sender`) REFERENCES `people`(`email`) ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE `letters` ADD CONSTRAINT `letters_copy_people_email_fk` FOREIGN KEY (`copy`) REFERENCES `people`(`email`) ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE `letters` ADD CONSTRAINT `letters_secretary_people_id_fk` FOREIGN KEY (`secretary`) REFERENCES `people`(`id`) ON DELETE set default ON UPDATE restrict;
--> statement-breakpoint
ALTER TABLE `shop_members` ADD CONSTRAINT `shop_members_person_people_id_fk` FOREIGN KEY (`person`) REFERENCES `people`(`id`) ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE `shop_members` ADD CONSTRAINT `shop_members_task_tasks_id_fk` FOREIGN KEY (`task`) REFERENCES `tasks`(`id`) ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE `people` ADD CONSTRAINT `people_manager_id_people_id_fk` FOREIGN KEY (`manager_id`) REFERENCES `people`(`id`) ON DELETE set null ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE `profiles` ADD CONSTRAINT `profiles_person_id_people_id_fk` FOREIGN KEY (`person_id`) REFERENCES `people`(`id`) ON DELETE cascade ON UPDATE cascade;
--> statement-breakpoint
ALTER TABLE `tasks` ADD CONSTRAINT `task_project` FOREIGN KEY (`tenant`,`project`) REFERENCES `projects`(`tenant`,`key`) ON DELETE cascade ON UPDATE no action;
